"""The interface's calls, read from its own description, for the forms on the page Inside."""

import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI


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
