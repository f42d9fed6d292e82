"""Checks of a finished catalogue: what must never be there, counted."""

from dataclasses import dataclass

from cinefile.catalogue.catalogue_file import Catalogue


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        name: what must hold.
        query: counts the rows that break it.
    """

    name: str
    query: str


@dataclass(frozen=True)
class Finding:
    """A check's outcome: `broken` rows break it; 0 is good."""

    name: str
    broken: int


_CHILDREN = (
    "aliases", "external_ids", "plots", "genres", "credits", "keywords", "companies", "countries", "ratings",
    "provenance", "merges",
)  # fmt: skip
CHECKS = (
    *(
        Check(
            f"every row of {table} has its film",
            f"SELECT count(*) FROM {table} WHERE film_id NOT IN (SELECT film_id FROM films)",
        )
        for table in _CHILDREN
    ),
    Check(
        "every credit has its person",
        "SELECT count(*) FROM credits WHERE person_id NOT IN (SELECT person_id FROM people)",
    ),
    Check(
        "no film has two ids of one kind",
        """SELECT count(*) FROM (SELECT 1 FROM external_ids WHERE kind IN ('imdb', 'tmdb', 'movielens', 'wikipedia')
           GROUP BY kind, film_id HAVING count(*) > 1)""",
    ),
    Check("no value is said twice", "SELECT count(*) - count(DISTINCT (film_id, field)) FROM provenance"),
    Check(
        "no figure is zero or negative",
        "SELECT count(*) FROM films WHERE budget <= 0 OR revenue <= 0 OR runtime <= 0 OR vote_count <= 0",
    ),
    Check("no year is impossible", "SELECT count(*) FROM films WHERE year NOT BETWEEN 1874 AND 2100"),
    Check("averages lie between 0 and 10", "SELECT count(*) FROM films WHERE vote_average NOT BETWEEN 0 AND 10"),
    Check("stars lie between 0.5 and 5", "SELECT count(*) FROM ratings WHERE stars NOT BETWEEN 0.5 AND 5"),
    Check(
        "nobody rates a film twice",
        """SELECT count(*) FROM (SELECT 1 FROM ratings GROUP BY source, user_id, film_id HAVING count(*) > 1)""",
    ),
    Check("the rows of every run add up", "SELECT count(*) FROM runs WHERE stored + merged + rejected != rows_read"),
)


def check(catalogue: Catalogue) -> list[Finding]:
    """Run all checks."""
    with catalogue.cursor() as cursor:
        return [Finding(c.name, int(cursor.execute(c.query).fetchall()[0][0])) for c in CHECKS]
