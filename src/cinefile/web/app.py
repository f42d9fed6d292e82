"""The pages beside the HTTP interface, in one application: what `cinefile serve` runs."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from cinefile import api, settings
from cinefile.api.problems import problem
from cinefile.errors import CinefileError, InputError
from cinefile.library import Library
from cinefile.web.pages import browse, film, foryou, home, inside, person, search, static, tag
from cinefile.web.rendering import page, speaker
from cinefile.web.security import HEADERS, Guard, RateLimit

PAGES = (home, search, film, person, browse, tag, foryou, inside, static)
# Here programs ask, who want problem details; everywhere else a person looks, who wants a page.
_FOR_PROGRAMS = ("/api", "/health", "/metrics", "/docs", "/openapi.json", "/static/")
_BURST_SECONDS = 6.0
_EXPLAINED = (404, 405, 413, 422, 429, 500, 501, 503)
log = logging.getLogger("cinefile.web")


def create_app(library: Library) -> FastAPI:
    """The HTTP interface with the pages, security headers and the rate limit.

    Args:
        library: open; closed when the application stops.
    """
    app = api.create_app(library)
    for module in PAGES:
        app.include_router(module.router)
    _friendly_errors(app)
    rate = float(settings.get("rate_limit"))
    app.add_middleware(Guard, refusal=_refusal, limit=RateLimit(rate, rate * _BURST_SECONDS) if rate > 0 else None)
    return app


def _refusal(request: Request, seconds: int) -> Response:
    """The answer to one request too many: a page for people, a problem for programs and for pieces of pages."""
    piece = "hx-request" in request.headers or "x-fragment" in request.headers
    if piece or request.url.path.startswith(_FOR_PROGRAMS) or request.url.path.endswith(".json"):
        answer = problem(request, 429, f"Too many requests from this address; wait {seconds} s.", title="Slow down")
    else:
        answer = error_page(request, 429)
    answer.headers["retry-after"] = str(seconds)
    return answer


def _friendly_errors(app: FastAPI) -> None:
    """Errors of pages are pages; those of the interface stay as they are."""
    plain: dict[Any, Any] = dict(app.exception_handlers)

    def status_of(error: Exception) -> int:
        if isinstance(error, CinefileError):
            return error.http_status
        if isinstance(error, HTTPException):
            return error.status_code
        return 422 if isinstance(error, RequestValidationError) else 500

    def handler(kind: type[Exception]) -> Any:
        async def handle(request: Request, error: Exception) -> Response:
            path = request.url.path
            if path.startswith(_FOR_PROGRAMS) or path.endswith(".json"):
                answer: Response = await plain[kind](request, error)
                return answer
            status = status_of(error)
            # What a person asked for wrongly is said in full; where files lie on the server is nobody's business.
            shown = error_page(request, status, str(error) if isinstance(error, InputError) else "")
            if status == 500:
                log.error("%s %s failed", request.method, path, exc_info=error)
                shown.headers.update(HEADERS)  # answered outside of every middleware
            return shown

        return handle

    for kind in (CinefileError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handler(kind))


def error_page(request: Request, status: int, detail: str = "") -> Response:
    """A friendly page for an error.

    Args:
        request: for the language.
        status: HTTP status.
        detail: what happened, in cinefile's own words, which are English; the page's own sentence goes before it.
    """
    t = speaker(request)
    known = status if status in _EXPLAINED else (404 if status < 500 else 500)
    return page(
        request, "error.html", status=status, code=status, heading=t(f"error.{known}"), text=t(f"error.{known}.text"),
        detail=detail,
    )  # fmt: skip
