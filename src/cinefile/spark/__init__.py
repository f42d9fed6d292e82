"""Apache Spark: ingest ratings, train, recommend for everybody and tag in bulk on a cluster (docs/spark.md)."""
