"""Data and model reports."""
