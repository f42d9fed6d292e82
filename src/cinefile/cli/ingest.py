"""`cinefile ingest`: raw film data into a catalogue file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cinefile import settings
from cinefile.cli import output
from cinefile.cli.spark_options import LOCAL, Conf, Engine, EngineOption, Master, Store, cluster, store_of

if TYPE_CHECKING:
    from cinefile.catalogue.ingest import IngestResult


def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Folders, zips or files of known formats.")],
    db: Annotated[
        str | None, typer.Option("--db", help="Catalogue file to make or add to [default: $CINEFILE_DB].")
    ] = None,
    json: output.Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print neither progress nor messages.")] = False,
    engine: EngineOption = Engine.local,
    master: Master = LOCAL,
    conf: Conf = None,
    store: Store = None,
) -> None:
    """Read film data into a new catalogue, or merge it into an existing one.

    With --engine spark, ratings only, of films that the catalogue has already; they go into --store.
    """
    target = Path(db or str(settings.get("db")))
    if engine is Engine.spark:
        with cluster(master, conf) as context:
            from cinefile.spark.ingest import ingest as spread

            result = spread(context, paths, target, store_of(target, store))
    else:
        from cinefile.catalogue.ingest import ingest as build
        from cinefile.cli.progress import reading
        from cinefile.exports import pointing_to_recommend

        with reading(quiet) as progress, pointing_to_recommend(paths):
            result = build(paths, target, progress)
    if json:
        output.emit_json(result.as_dict())
        return
    if not quiet:
        _say(result, target)
    output.table(
        ["source", "file", "rows read", "stored", "merged", "rejected"],
        [[f.source, f.file, f.rows_read, f.stored, f.merged, f.rejected] for f in result.files],
    )


def _say(result: "IngestResult", target: Path) -> None:
    rate = result.rows_read / result.seconds if result.seconds else 0
    for name in result.unchanged:
        output.say(f"{name} is in the catalogue already, unchanged: not read again.")
    output.say(
        f"{target}: {result.films:,} films, {result.people:,} people, {result.ratings:,} ratings. "
        f"{result.rows_read:,} rows read in {result.seconds:.1f} s ({rate:,.0f} rows/s): {result.stored:,} stored, "
        f"{result.merged:,} merged, {result.rejected:,} rejected."
    )
    if result.rejected:
        output.say(
            "Why rows were rejected: cinefile sql "
            '"SELECT reason, count(*) FROM rejects GROUP BY reason ORDER BY 2 DESC" --db ' + str(target)
        )
    sys.stderr.flush()
