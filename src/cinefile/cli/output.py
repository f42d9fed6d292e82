"""What commands print: data on stdout, words and progress on stderr. NO_COLOR and pipes switch colours off."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from cinefile.errors import CinefileError

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for programs.")]
Db = Annotated[
    str | None,
    typer.Option("--db", help="Catalogue file [default: $CINEFILE_DB, cinefile.duckdb, else the starter's]."),
]
# The filters that several commands take, said once.
YearFrom = Annotated[int | None, typer.Option("--from", help="First year of release.")]
YearTo = Annotated[int | None, typer.Option("--to", help="Last year of release.")]
Decade = Annotated[int | None, typer.Option(help="A decade by its first year: 1980.")]
Genre = Annotated[str | None, typer.Option(help="Genre in any usual spelling: Sci-Fi, science fiction.")]
Language = Annotated[str | None, typer.Option(help="Original language as an ISO 639-1 code: es.")]
Country = Annotated[str | None, typer.Option(help="Country of production as an ISO 3166-1 code: ES.")]
MinVotes = Annotated[int | None, typer.Option(help="Smallest number of votes.")]


def say(text: str) -> None:
    """Words for a person, on stderr."""
    from rich.console import Console

    Console(stderr=True, highlight=False).print(text)


def error(problem: CinefileError) -> None:
    """An expected error: what happened, then what to do next."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[bold red]Error:[/] {escape(problem.message)}")
    if problem.hint:
        console.print(escape(problem.hint))


def emit_json(document: Mapping[str, Any]) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A table on stdout: lined up for a person, tab-separated when piped."""
    if not sys.stdout.isatty():
        sys.stdout.write("\t".join(columns) + "\n")
        for row in rows:
            sys.stdout.write("\t".join(_cell(v).replace("\t", " ").replace("\n", " ") for v in row) + "\n")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    view = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    numeric = None
    for row in rows:
        if numeric is None:
            numeric = [isinstance(v, int | float) and not isinstance(v, bool) for v in row]
            for name, right in zip(columns, numeric, strict=True):
                view.add_column(name, justify="right" if right else "left")
        view.add_row(*(escape(_cell(v)) for v in row))
    Console().print(view)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
