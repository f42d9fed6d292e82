"""The Python facade: what the command line, the HTTP interface and the page call."""
