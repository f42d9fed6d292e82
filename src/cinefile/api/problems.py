"""Errors in one shape, whatever went wrong: RFC 9457 problem details."""

import logging
import re
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from cinefile.errors import CinefileError

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("cinefile.api")
# Where the server's files lie is for its log; a name is enough elsewhere.
_FOLDERS = re.compile(r"(?<![\w.:/])/(?:[^\s/]+/)+")

_TITLES = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    413: "Too large",
    422: "Invalid input",
    500: "Internal error",
    503: "Unavailable",
}


class ProblemError(BaseModel):
    """One of several things that are wrong: where (query.year, body.plots.3) and what."""

    where: str
    message: str


class Problem(BaseModel):
    """Problem details, RFC 9457."""

    type: str = Field(description="always about:blank: the status says what kind of problem it is")
    title: str
    status: int
    detail: str
    instance: str = Field(description="path of the request")
    errors: list[ProblemError] = []


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": _TITLES[status], "content": {MEDIA_TYPE: {}}}
    for status in (404, 413, 422, 503)
}


def problem(
    request: Request, status: int, detail: str, errors: list[ProblemError] | None = None, title: str | None = None
) -> Response:
    """A problem as a response."""
    body = Problem(
        type="about:blank",
        title=title or _TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        instance=request.url.path,
        errors=errors or [],
    )
    return JSONResponse(body.model_dump(), status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Make every error of an application a problem.

    Args:
        app: the application.
        routes: its routes, to tell which methods a path has.
    """

    @app.exception_handler(CinefileError)
    async def expected(request: Request, error: CinefileError) -> Response:
        detail = str(error)
        if error.http_status >= 500:
            log.error("%s %s: %s", request.method, request.url.path, error)
            detail = _FOLDERS.sub("", detail)
        return problem(request, error.http_status, detail, title=error.title)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        # The values themselves stay out: they may be personal, and may be no valid JSON (NaN).
        errors = [ProblemError(where=".".join(map(str, e["loc"])), message=e["msg"]) for e in error.errors()[:20]]
        return problem(request, 422, "; ".join(f"{e.where}: {e.message}" for e in errors), errors)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code != 405:
            return problem(request, error.status_code, str(error.detail))
        methods = {m for r in routes if r.path_regex.match(request.url.path) for m in r.methods or ()} or {"GET"}
        allow = {"Allow": ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        response = problem(request, 405, f"{request.method} is not possible here; {allow['Allow']} are.")
        response.headers.update(allow)
        return response

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(request, 500, "cinefile made a mistake; the log of the server has more.")
