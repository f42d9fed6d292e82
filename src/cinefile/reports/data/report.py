"""Puts the sections of the data report together."""

from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from cinefile import __version__
from cinefile.catalogue.open import Catalogue
from cinefile.reports.data import (
    coverage,
    distributions,
    genres,
    missing,
    overview,
    people,
    places,
    quality,
    ratings,
    words,
)
from cinefile.reports.report import Report, Section

Say = Callable[[str], None]
SECTIONS: tuple[Callable[[duckdb.DuckDBPyConnection], Section], ...] = (
    overview.section,
    missing.section,
    distributions.section,
    genres.section,
    words.section,
    places.section,
    people.section,
    ratings.section,
    quality.section,
    coverage.section,
)


def data_report(catalogue: Catalogue, say: Say | None = None) -> Report:
    """All that is in a catalogue, in tables and pictures.

    Args:
        catalogue: the open file.
        say: told each section's title when it is done.
    """
    done = []
    with catalogue.cursor() as cursor:
        for section in SECTIONS:
            done.append(section(cursor))
            if say is not None:
                say(done[-1].title)
    size = catalogue.path.stat().st_size
    facts = {
        "cinefile": __version__,
        "created": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "catalogue": catalogue.path.name,
        "bytes": size,
        "command": f"cinefile report data --db {catalogue.path.name}",
    }
    subtitle = (
        f"Everything in {catalogue.path.name} ({size / 1e6:,.1f} MB), counted. A zero budget, revenue, "
        "runtime or vote in a source means unknown; the catalogue holds it as missing."
    )
    return Report("data", "What is in the data", subtitle, facts, done)
