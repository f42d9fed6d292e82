"""The page Inside: what the data holds and lacks, model cards, figures with their commands, and every call to try."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from markupsafe import Markup

from cinefile.catalogue.queries.films import coverage, totals
from cinefile.library import Library
from cinefile.web.pages import library_of
from cinefile.web.rendering import page

if TYPE_CHECKING:
    from cinefile.reports.report import Part

_MOST_TABLES, _MOST_ROWS, _MOST_COLUMNS = 3, 14, 9  # what a page can show well; the report has it all


@dataclass(frozen=True)
class Card:
    """A model's card: its first heading, and the rest as HTML."""

    title: str
    html: Markup


@dataclass(frozen=True)
class Figures:
    """One results file: what was measured, the command that measures it again, and its main tables."""

    name: str
    about: str
    command: str
    date: str
    tables: "list[Part]"


def cards(library: Library) -> list[Card]:
    """Cards of what answers here: the taggers, what was trained for the catalogue, and the starter catalogue's own."""
    from cinefile.reports.model_report import render

    starter = Path(__file__).resolve().parents[2] / "starter"
    near = [library.path.resolve().with_suffix(f".{kind}") for kind in ("taste", "similar", "genres")]
    own = [starter / "CARD.md"] if library.path.resolve().parent == starter else []
    made = []
    for card in (*own, *(card for place in (*near, starter / "taggers") for card in sorted(place.rglob("CARD.md")))):
        heading, _, text = card.read_text(encoding="utf-8").lstrip().partition("\n")
        made.append(Card(heading.lstrip("# "), render(text)))
    return made


def figures(folder: Path | None) -> list[Figures]:
    """Every results file of a folder, protocols first; tables that are too large for a page are left to the report."""
    from cinefile.reports.result_tables import parts
    from cinefile.reports.results import read_results

    made = []
    for measured in read_results(folder) if folder is not None else []:
        # The table of models is what a protocol is about; it scrolls where it is wide.
        fitting = [
            part
            for part in parts(measured.figures)
            if part.name == "models" or (0 < len(part.table) <= _MOST_ROWS and len(part.table.columns) <= _MOST_COLUMNS)
        ]
        name = measured.name.replace("_", "-")
        made.append(Figures(name, measured.description, measured.command, measured.date, fitting[:_MOST_TABLES]))
    return made


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


# Reports take a while to import, and few come here.

router = APIRouter(include_in_schema=False)
_SHOWN = ("checks", "doubts", "rejects", "merges", "same_title_and_year")


@router.get("/inside")
def inside(request: Request) -> Response:
    """The page."""
    from cinefile.reports.results import shipped_results

    library = library_of(request)
    return page(
        request, "inside.html", "inside", "/inside.json", counts=list(totals(library.facts).items()),
        coverage=coverage(library.facts), cards=library.facts.kept("cards", lambda: cards(library)),
        figures=library.facts.kept("figures", lambda: figures(shipped_results())),
        calls=calls(request.app),
    )  # fmt: skip


@router.get("/inside/quality")
def quality(request: Request) -> Response:
    """What was checked, doubted, rejected and merged, as a piece of the page: a large catalogue takes two seconds."""
    return page(request, "parts/quality.html", quality=_quality(library_of(request)))


def _quality(library: Library) -> "list[Part]":
    from cinefile.reports.data_quality import quality_section

    def made() -> "list[Part]":
        with library.catalogue.cursor() as cursor:
            return [part for part in quality_section(cursor).parts if part.name in _SHOWN]

    return library.facts.kept("quality", made)


@router.get("/inside.json")
def twin(request: Request) -> dict[str, Any]:
    """The data part as JSON; the interface describes itself at /openapi.json."""
    facts = library_of(request).facts
    return {"counts": dict(totals(facts)), "known": dict(coverage(facts))}
