"""Routes, one family per file; a family is one line in `ROUTERS` of `cinefile.api.app`."""
