"""The pages beside the HTTP interface, in one application: what `cinefile serve` runs."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from cinefile import api, settings
from cinefile.errors import CinefileError
from cinefile.library import Library
from cinefile.web.pages import browse, film, home, person, search, static
from cinefile.web.ratelimit import RateLimit
from cinefile.web.rendering import page, speaker
from cinefile.web.security import Guard

PAGES = (home, search, film, person, browse, static)
_MACHINE_PATHS = ("/api/", "/health", "/metrics", "/docs", "/openapi.json", "/static/")
_BURST_SECONDS = 6.0

Handler = Callable[[Request, Any], Awaitable[Response]]
