"""The page Inside: what the data holds and lacks, model cards, figures with their commands, and every call to try."""

import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from cinefile.web.pages import library_of
from cinefile.web.rendering import page


@dataclass(frozen=True)
class Parameter:
    """One field of a form: `where` is path or query."""

    name: str
    where: str
    required: bool
    hint: str


@dataclass(frozen=True)
class Call:
    """One call; `body` is an example of what is posted, empty where nothing is."""

    method: str
    path: str
    summary: str
    text: str
    parameters: list[Parameter] = field(default_factory=list)
    body: str = ""


_BODIES = {
    "/api/genres": {"plot": "A retired safecracker is talked into one last job and the vault turns out to be a trap."},
    "/api/recommendations": {"ratings": {"1": 5, "2": 3.5}, "k": 5},
}


def calls(app: FastAPI) -> list[Call]:
    """Every documented call under /api, in the order of the description."""
    described: dict[str, Any] = app.openapi()
    return [
        _call(method, path, operation)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/api")
    ]


def _call(method: str, path: str, operation: dict[str, Any]) -> Call:
    parameters = [
        Parameter(p["name"], p["in"], p.get("required", False), p.get("description") or _kind(p["schema"]))
        for p in operation.get("parameters", ())
        if p["in"] in ("path", "query")
    ]
    body = json.dumps(_BODIES.get(path, {}), indent=1) if "requestBody" in operation else ""
    text = operation.get("description", "")
    return Call(method.upper(), path, operation.get("summary", ""), text, parameters, body)


def _kind(schema: dict[str, Any]) -> str:
    kinds = [schema.get("type"), *(s.get("type") for s in schema.get("anyOf", ()))]
    return ", ".join(k for k in kinds if k and k != "null")


router = APIRouter(include_in_schema=False)
_SHOWN = ("checks", "doubts", "rejects", "merges", "same_title_and_year")


@router.get("/inside")
def inside(request: Request) -> Response:
    """The page."""
    library = library_of(request)
    overview = library.overview()
    return page(
        request, "inside.html", "inside", "/inside.json", counts=[(c.name, c.rows) for c in overview.counts],
        coverage=[(k.field, k.share) for k in overview.known], cards=library.model_cards(), figures=library.results(),
        calls=calls(request.app),
    )  # fmt: skip


@router.get("/inside/quality")
def quality(request: Request) -> Response:
    """What was checked, doubted, rejected and merged, as a piece of the page: a large catalogue takes two seconds."""
    found = [part for part in library_of(request).quality() if part.name in _SHOWN]
    return page(request, "parts/quality.html", quality=found)


@router.get("/inside.json")
def twin(request: Request) -> dict[str, Any]:
    """The data part as JSON; the interface describes itself at /openapi.json."""
    overview = library_of(request).overview()
    return {"counts": {c.name: c.rows for c in overview.counts}, "known": {k.field: k.share for k in overview.known}}
