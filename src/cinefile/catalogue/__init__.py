"""The DuckDB file: schema, build, matching, quality and the questions it answers."""
