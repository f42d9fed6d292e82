"""The application: routes, errors, limits and counters put together. A family of routes is one line in ROUTERS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from cinefile import __version__, settings
from cinefile.api import docs, problems
from cinefile.api.cache import AnswerCache
from cinefile.api.holder import Holder
from cinefile.api.limits import BodyLimit
from cinefile.api.metrics import Metrics, MetricsMiddleware
from cinefile.api.routes import films, people, recommendations, releases, search, similar, summaries, system, tagging
from cinefile.library import Library

ROUTERS = (films, people, releases, summaries, tagging, similar, search, recommendations, system)
_ABOUT = "Films, people, releases, genres from plots, similar films, recommendations. Errors are RFC 9457 problems."


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
    docs.install(app)
    return app
