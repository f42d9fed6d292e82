"""Puts the sections of the data report together."""

from collections.abc import Callable

import duckdb

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
from cinefile.reports.facts import made
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
        **made(f"cinefile report data --db {catalogue.path.name}"),
        "catalogue": catalogue.path.name,
        "bytes": size,
    }
    subtitle = (
        f"Everything in {catalogue.path.name} ({size / 1e6:,.1f} MB), counted. A zero budget, revenue, "
        "runtime or vote in a source means unknown; the catalogue holds it as missing."
    )
    return Report("data", "What is in the data", subtitle, facts, done)
