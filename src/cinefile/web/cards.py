"""Model cards and measured figures for the page Inside, read from where the models and the results stand."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from cinefile.library import Library

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
    from cinefile.reports.models.cards import render

    starter = Path(__file__).resolve().parents[1] / "starter"
    near = [library.path.resolve().with_suffix(f".{kind}") for kind in ("taste", "similar", "genres")]
    own = [starter / "CARD.md"] if library.path.resolve().parent == starter else []
    made = []
    for card in (*own, *(card for place in (*near, starter / "taggers") for card in sorted(place.rglob("CARD.md")))):
        heading, _, text = card.read_text(encoding="utf-8").lstrip().partition("\n")
        made.append(Card(heading.lstrip("# "), render(text)))
    return made


def figures(folder: Path | None) -> list[Figures]:
    """Every results file of a folder, protocols first; tables that are too large for a page are left to the report."""
    from cinefile.reports.models.figures import parts
    from cinefile.reports.models.results import read_results

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
