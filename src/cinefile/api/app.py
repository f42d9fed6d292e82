"""The HTTP application: routes, errors, limits and counters put together. A family of routes is one line in ROUTERS."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from cinefile import __version__, settings
from cinefile.api import problems
from cinefile.api.middleware import AnswerCache, BodyLimit, Metrics, MetricsMiddleware
from cinefile.api.routes import catalogue, genres, recommendations, system
from cinefile.errors import CinefileError, MissingExtraError
from cinefile.library import Library

ROUTERS = (catalogue, genres, recommendations, system)
_ABOUT = "Films, people, releases, genres from plots, similar films, recommendations. Errors are RFC 9457 problems."
_LOOK_EVERY = 2.0  # seconds between two looks for a new catalogue
_log = logging.getLogger("cinefile.api")
# No inline script: the page passes a content security policy without 'unsafe-inline' scripts.
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/docs/files/favicon.png"><link rel="stylesheet" href="/docs/files/swagger-ui.css"></head>
<body><div id="page"></div>
<script src="/docs/files/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
_START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null});\n'


def create_app(library: Library) -> FastAPI:
    """The HTTP interface over an open library, which is closed when the application stops.

    Args:
        library: exchanged by itself when a new catalogue is renamed into its place.
    """
    metrics = Metrics()
    cache: list[AnswerCache] = []

    def forget() -> None:
        for kept in cache:
            kept.clear()

    holder = Holder(library, on_change=forget)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        holder.close()

    def front(app: ASGIApp) -> ASGIApp:
        cache.append(AnswerCache(app, int(settings.get("kept_answers"))))
        counted = MetricsMiddleware(cache[-1], metrics)

        async def look_first(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await counted(scope, receive, send)
                return
            holder.look()
            with holder.borrowed() as answering:
                scope.setdefault("state", {})["library"] = answering
                await counted(scope, receive, send)

        return look_first

    app = FastAPI(
        title="cinefile",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[Middleware(front), Middleware(BodyLimit, most=int(settings.get("body_limit")))],
        responses=problems.RESPONSES,
    )
    app.state.holder, app.state.metrics = holder, metrics
    for module in ROUTERS:
        app.include_router(module.router)
    problems.install(app, [r for module in ROUTERS for r in module.router.routes if isinstance(r, APIRoute)])
    _add_docs(app)
    return app


def _add_docs(app: FastAPI) -> None:
    """Add /docs: Swagger UI from the files of the package `fastapi-offline`, so that it works without the internet.

    Raises:
        MissingExtraError: the package with the files is not installed.
    """
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise MissingExtraError("dev", "The page /docs")
    page = _PAGE.format(title=app.title)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page)

    @app.get("/docs/start.js", include_in_schema=False)
    async def start() -> PlainTextResponse:
        return PlainTextResponse(_START, media_type="text/javascript")

    app.mount("/docs/files", StaticFiles(directory=Path(spec.origin).parent / "static"), name="docs-files")


class Holder:
    """Holds the open library; looks for a new catalogue every two seconds while requests come in.

    A request borrows the library that answers it. The old one is closed when the last request that borrowed it is over.

    Args:
        library: open; closed by `close`.
        on_change: called after a new catalogue has been opened.
    """

    def __init__(self, library: Library, on_change: Callable[[], None]) -> None:
        self.library = library
        self._on_change = on_change
        self._next_look = time.monotonic() + _LOOK_EVERY
        self._exchange: asyncio.Task[None] | None = None
        self._borrowed: Counter[Library] = Counter()

    @contextmanager
    def borrowed(self) -> Iterator[Library]:
        """The library for one request; called in the event loop's thread only."""
        library = self.library
        self._borrowed[library] += 1
        try:
            yield library
        finally:
            self._borrowed[library] -= 1
            self._close_unless_needed(library)

    def look(self) -> None:
        """Start an exchange in the background if the file has changed. Cheap enough for every request."""
        if time.monotonic() < self._next_look or (self._exchange is not None and not self._exchange.done()):
            return
        self._next_look = time.monotonic() + _LOOK_EVERY
        if self.library.replaced():
            self._exchange = asyncio.get_running_loop().create_task(self._reopen())

    async def _reopen(self) -> None:
        old = self.library
        try:
            self.library = await asyncio.to_thread(_opened, old)
        except CinefileError as error:
            _log.warning("The new catalogue cannot be opened, the old one stays in use: %s", error)
            return
        self._on_change()
        self._close_unless_needed(old)
        _log.info("A new catalogue is in use: %s", self.library.path)

    def _close_unless_needed(self, library: Library) -> None:
        if library is not self.library and not self._borrowed[library]:
            del self._borrowed[library]
            library.close()

    def close(self) -> None:
        """Let go of the catalogue."""
        self.library.close()


def _opened(old: Library) -> Library:
    new = Library(old.path)
    new.warm()
    return new
