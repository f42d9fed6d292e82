"""Every way of finding similar films: the blended likeness that is served, and the two published ones."""
