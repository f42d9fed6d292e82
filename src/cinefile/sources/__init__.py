"""One reader per raw format: bytes in, Arrow batches of our row types out, bad rows kept with their reason."""
