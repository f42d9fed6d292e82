"""Training and scoring beyond one machine."""
