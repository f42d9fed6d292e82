"""Genre taggers, one per file."""
