"""One script per published table; peers are measured in the same run; results are written as JSON."""
