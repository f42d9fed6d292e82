"""What a report is made of and how it is written: sections of parts, each a table and perhaps its picture."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cinefile.errors import InputError
from cinefile.reports.tables import ReportTable


def made(command: str) -> dict[str, str]:
    """Version, time and command, for the page's foot and the JSON's head."""
    try:
        # The package itself imports the library, which stands above the reports.
        release = version("cinefile")
    except PackageNotFoundError:
        release = "(not installed)"
    return {"cinefile": release, "created": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "command": command}


_NONE = Markup()


@dataclass(frozen=True)
class Part:
    """One table of a section.

    Attributes:
        name: its key in the JSON.
        title: its heading.
        table: the numbers.
        picture: an SVG of the same numbers; the table then folds away under it.
        note: how to read it, or how it was computed.
        empty: what to say where the table has no rows.
        body: HTML that stands for the table on the page where a table is not the best form.
        tiles: show a table of (figure, value) as large figures.
        wide: give it the full width.
        unfolded: show the table under the picture from the start.
    """

    name: str
    title: str
    table: ReportTable
    picture: Markup = _NONE
    note: str | Markup = ""
    empty: str = "Nothing of this kind is in this catalogue."
    body: Markup = _NONE
    tiles: bool = False
    wide: bool = False
    unfolded: bool = False


@dataclass(frozen=True)
class Section:
    """A chapter of the report.

    Attributes:
        name: its key in the JSON and its anchor on the page.
        title: its heading.
        intro: a sentence or two under it.
        parts: its tables.
        html: what follows them.
        command: what gives its figures again.
        facts: further entries of the JSON.
    """

    name: str
    title: str
    intro: str
    parts: Sequence[Part]
    html: Markup = _NONE
    command: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A finished report.

    Attributes:
        kind: "data" or "models".
        title: the page's heading.
        subtitle: under it.
        facts: of the report as a whole, JSON-serialisable.
        sections: in order.
    """

    kind: str
    title: str
    subtitle: str
    facts: Mapping[str, Any]
    sections: Sequence[Section] = field(default_factory=tuple)

    def document(self) -> dict[str, Any]:
        """All numbers, JSON-serialisable: sections by name, in each the tables by name as lists of rows."""
        sections = {s.name: {**s.facts, **{p.name: p.table.document() for p in s.parts}} for s in self.sections}
        return {"report": self.kind, "title": self.title, **self.facts, "sections": sections}

    def html(self) -> str:
        """The page, in one piece: no script, no other file, no other host."""
        return _environment().get_template("report.html").render(report=self)

    def write(self, out: Path, json_file: Path | None = None) -> list[Path]:
        """Write the page, and the numbers beside it (same name, ending .json) or where `json_file` says.

        Raises:
            InputError: a file cannot be written.
        """
        json_file = json_file or out.with_suffix(".json")
        if json_file == out:
            raise InputError(f"The page and the numbers cannot both be {out}.", "Give the page the ending .html.")
        numbers = json.dumps(self.document(), indent=1, ensure_ascii=False, allow_nan=False)
        for file, text in ((out, self.html()), (json_file, numbers + "\n")):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            except OSError as error:
                raise InputError(f"{file} cannot be written: {error.strerror}.", "Choose another place.") from error
        return [out, json_file]


@cache
def _environment() -> Environment:
    loader = PackageLoader("cinefile.reports")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
