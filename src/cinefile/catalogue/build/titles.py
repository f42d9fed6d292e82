"""Deciding which film of the catalogue an incoming film is, by title and year, where ids do not tell."""

from dataclasses import dataclass

import duckdb

from cinefile.catalogue.build.evidence import gather_pairs
from cinefile.catalogue.build.resolve import take_best


@dataclass(frozen=True)
class Rule:
    """A way in which two films with a common title are taken to be one.

    Attributes:
        name: as `merges.rule` has it.
        where: SQL condition over `pair`.
        alone: whether the pair must be the only one left for both films.
        confidence: lower end of the 95% interval of the share that hidden ids confirm, see docs/catalogue.md.
    """

    name: str
    where: str
    alone: bool
    confidence: float


# Nobody in common though both name people speaks against a pair; so do genres of which none is in common.
_AGAINST = "(cast_known AND people = 0 AND named = 0) OR (genres_known AND genres = 0)"
RULES = (
    Rule("title, year and people", "people + named > 0 AND apart = 0", False, 0.98),
    Rule("title, year and plot", "words >= 0.5 AND apart = 0", False, 0.998),
    Rule("title, year ±1 and people", "people + named > 0 AND apart = 1", False, 0.96),
    Rule("title and year", f"main AND apart = 0 AND NOT ({_AGAINST})", True, 0.998),
    Rule("other title and year", f"apart = 0 AND genres > 0 AND NOT ({_AGAINST})", True, 0.96),
    Rule("title and year ±1", f"main AND apart = 1 AND article AND genres > 0 AND NOT ({_AGAINST})", True, 0.96),
)


def by_titles(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `matched` the films found by title and year; the rules are tried in the order of RULES."""
    if not gather_pairs(connection):
        return
    for rule in RULES:
        alone = "QUALIFY count(*) OVER (PARTITION BY iid) = 1 AND count(*) OVER (PARTITION BY pair.film_id) = 1"
        connection.execute(f"""
            CREATE OR REPLACE TABLE candidate AS
            SELECT iid, pair.film_id, '{rule.name}' AS rule, {rule.confidence} AS confidence,
                100 * (people + named) + 50 * coalesce(words, 0) + 10 * main::INT + genres AS score
            FROM pair ANTI JOIN matched USING (iid) ANTI JOIN matched n ON n.film_id = pair.film_id
            WHERE {rule.where}
            {alone if rule.alone else ""}
        """)
        take_best(connection)
