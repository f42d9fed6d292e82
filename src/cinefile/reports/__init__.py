"""Data and model reports: one self-contained HTML file each, and the same numbers as JSON."""
