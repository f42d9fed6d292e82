"""`cinefile fetch`: a public data set from its official place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cinefile import settings
from cinefile.cli import output
from cinefile.cli.progress import display
from cinefile.errors import InputError

if TYPE_CHECKING:
    from rich.progress import Progress as Display

    from cinefile.fetch.download import DownloadProgress


def fetch(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The set; --list shows them.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="Folder [default: $CINEFILE_CACHE/data/NAME].")] = None,
    show: Annotated[bool, typer.Option("--list", help="List the sets that can be fetched.")] = False,
    json: output.Json = False,
) -> None:
    """Download a public data set, with its terms; a broken download goes on where it stopped."""
    from cinefile.fetch import SETS, find
    from cinefile.fetch import fetch as download
    from cinefile.fetch.download import DownloadOptions

    if show:
        rows = [[s.name, s.title, s.holds, s.terms, s.home] for s in SETS]
        columns = ["name", "title", "holds", "terms", "home"]
        if json:
            output.emit_json({"sets": [dict(zip(columns, row, strict=True)) for row in rows]})
        else:
            output.table(columns, rows)
        return
    if not name:
        raise InputError("Which data set?", "Give a name; cinefile fetch --list shows them.")
    wanted = find(name)
    output.say(f"{wanted.title}: {wanted.holds}.\nTerms: {wanted.terms}\nSource: {wanted.home}")
    with _bar() as progress:
        options = DownloadOptions(progress=progress) if progress else DownloadOptions()
        found = download(wanted, to or settings.cache_folder() / "data" / wanted.name, options)
    if json:
        output.emit_json(found.as_dict())
        return
    if not found.received:
        output.say("Nothing to download: all of it was here.")
    output.table(["file", "bytes"], list(found.files.items()))
    output.say(f"Next: cinefile ingest {found.folder}")


@contextmanager
def _bar() -> "Iterator[DownloadProgress | None]":
    columns = ("BarColumn", "DownloadColumn", "TransferSpeedColumn", "TimeRemainingColumn")
    with display("{task.description}", *columns) as found:
        yield _Bar(found) if found else None


class _Bar:
    def __init__(self, display: "Display") -> None:
        self._display = display
        self._task = display.add_task("connecting", total=None)

    def begin(self, name: str) -> None:
        """See Progress."""
        self._display.remove_task(self._task)
        self._task = self._display.add_task(name, total=None)

    def advance(self, done: int, total: int | None) -> None:
        """See Progress."""
        self._display.update(self._task, completed=done, total=total)
