"""Splits, leak checks, metrics and protocols."""
