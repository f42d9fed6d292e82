"""Apache Spark: ingesting ratings, training, everybody's films and tagging in bulk, on a cluster (docs/spark.md)."""
