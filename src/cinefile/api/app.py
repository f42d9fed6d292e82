"""The HTTP application: routes, errors, limits and counters put together. A family of routes is one line in ROUTERS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from cinefile.api.answer_cache import AnswerCache
from cinefile.api.holder import Holder
from cinefile.api.middleware import BodyLimit, Metrics, MetricsMiddleware
from cinefile.api.routes import films, genres, people, recommendations, summaries, system
from cinefile.errors import MissingExtraError
from cinefile.library import Library

ROUTERS = (films, people, summaries, genres, recommendations, system)
_ABOUT = "Films, people, releases, genres from plots, similar films, recommendations. Errors are RFC 9457 problems."
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
            holder.look()
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
