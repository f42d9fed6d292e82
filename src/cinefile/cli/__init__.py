"""The command line: one command per file, a thin skin over the library."""
