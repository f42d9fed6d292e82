"""Film vectors and their neighbours."""
