"""Plots as text: language check, normalising, encoders."""
