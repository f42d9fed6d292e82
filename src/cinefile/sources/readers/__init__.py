"""Readers of file formats that sources share: CSV, JSON, lines of text, nested cells, rating files."""
