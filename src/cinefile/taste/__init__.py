"""Rating models, one per file."""
