"""`cinefile fetch`: a public data set from its official place."""

from pathlib import Path
from typing import Annotated

import typer

from cinefile import settings
from cinefile.cli import output
from cinefile.cli.progress import downloading
from cinefile.errors import InputError


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
    with downloading() as progress:
        folder = to or settings.cache_folder() / "data" / wanted.name
        found = download(wanted, folder, DownloadOptions(progress=progress))
    if json:
        output.emit_json(found.as_dict())
        return
    if not found.received:
        output.say("Nothing to download: all of it was here.")
    output.table(["file", "bytes"], list(found.files.items()))
    output.say(f"Next: cinefile ingest {found.folder}")
