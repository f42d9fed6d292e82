"""The page: server-rendered, with a little script of our own; works without the internet."""

from cinefile.web.app import create_app

__all__ = ["create_app"]
