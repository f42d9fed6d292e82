"""The HTTP interface, one route module per file."""

from cinefile.api.app import create_app

__all__ = ["create_app"]
