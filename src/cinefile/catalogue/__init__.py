"""The catalogue file: its schema, its ingest from raw data, and the queries on it."""
