"""How the figures of films are spread."""

import duckdb

from cinefile.reports.data.bins import spread
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table

# column -> (name with unit, heading, width of an interval or None for logarithmic ones, is a year)
_FIGURES: dict[str, tuple[str, str, float | None, bool]] = {
    "popularity": ("popularity", "Popularity (TMDB's figure)", None, False),
    "vote_count": ("votes", "Number of votes", None, False),
    "vote_average": ("vote_average_0_to_10", "Vote average, 0 to 10", 0.5, False),
    "budget": ("budget_usd", "Budget", None, False),
    "revenue": ("revenue_usd", "Revenue", None, False),
    "runtime": ("runtime_minutes", "Runtime (up to 240 minutes)", 10, False),
    "year": ("year", "Year of release", 5, True),
}


def _summary(column: str, name: str) -> str:
    return f"""
        SELECT '{name}' AS figure, count({column}) AS known, min({column})::DOUBLE AS least,
               quantile_cont({column}::DOUBLE, 0.05) AS "5th percentile", median({column})::DOUBLE AS median,
               avg({column})::DOUBLE AS mean, quantile_cont({column}::DOUBLE, 0.95) AS "95th percentile",
               max({column})::DOUBLE AS most, if(count({column}) > 2 AND stddev_pop({column}) > 0,
               skewness({column}::DOUBLE), NULL) AS skew
        FROM films
    """


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """One table of figures, and a histogram each."""
    statements = [
        _summary(column, name.removesuffix("_usd").removesuffix("_minutes").replace("_", " "))
        for column, (name, *_) in _FIGURES.items()
    ]
    summary = Table.query(cursor, " UNION ALL ".join(statements))
    parts = [
        Part(
            "figures",
            "Figures of the known values",
            summary,
            wide=True,
            note="Skew is the third standardised moment, corrected for bias: 0 for a symmetric spread, far above 0 "
            "where a few films have nearly all. Money in US dollars of the day, runtime in minutes.",
        )
    ]
    for column, (name, title, width, plain) in _FIGURES.items():
        source = "films" if column != "runtime" else "(SELECT runtime FROM films WHERE runtime <= 240)"
        parts.append(spread(cursor, name, title, column, source, width=width, plain=plain, wide=plain))
    return Section(
        "distributions",
        "How figures are spread",
        "Money, votes and popularity go over so many sizes that only a logarithmic scale shows them; the mean of such "
        "figures says little, the median and the 95th percentile say more.",
        parts,
    )
