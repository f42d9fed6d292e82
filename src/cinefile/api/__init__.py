"""The HTTP interface, one route module per file."""
