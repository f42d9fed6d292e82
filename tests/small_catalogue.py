"""A catalogue of forty well-known films, written by hand for tests; figures are those of TMDB's, rounded where long."""

from pathlib import Path

import duckdb

from cinefile.catalogue.schema import SCHEMA_VERSION, create_statements
from cinefile.titles import title_key

# title | original title | date | minutes | language | budget | revenue (both in million) | popularity | average | votes
# | genres | directors | cast | country; "-" means unknown
FILMS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
PLOT = "A cowboy doll is profoundly threatened when a new spaceman action figure supplants him as top toy."


def write_small_catalogue(path: Path) -> Path:
    """Write the catalogue to a new file."""
    with duckdb.connect(str(path)) as connection:
        for statement in create_statements():
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
        people: dict[str, int] = {}
        for film_id, line in enumerate(FILMS.strip().splitlines(), start=1):
            _add(connection, people, film_id, line.split("|"))
        # Two people of one name, who must be listed and never guessed.
        people["John Smith (another)"] = len(people) + 1
        for name, person_id in people.items():
            name = name.removesuffix(" (another)")
            connection.execute(
                "INSERT INTO people VALUES (?, ?, ?, ?, 2)", [person_id, name, title_key(name), 30 + person_id]
            )
        _credit(connection, 8, people["John Smith (another)"], "Acting", "Actor", "Passenger", 9)
        _credit(connection, 1, people["Tim Allen"], "Acting", "Actor", "Commander", 1)
        for name, value in (("imdb", "tt0114709"), ("tmdb", "862"), ("movielens", "1")):
            connection.execute("INSERT INTO external_ids VALUES (?, ?, 1, 'tiny')", [name, value])
        connection.execute("INSERT INTO plots VALUES (1, 'tiny', ?)", [PLOT])
        connection.execute("INSERT INTO keywords VALUES (1, 'toy', 'tiny'), (1, 'jealousy', 'tiny')")
        connection.execute("INSERT INTO companies VALUES (1, 'Pixar Animation Studios', 3, 'tiny')")
        connection.execute("INSERT INTO collections VALUES (1, 'Toy Story Collection', 10194)")
        connection.execute("UPDATE films SET collection_id = 1 WHERE film_id IN (1, 2)")
        connection.execute("INSERT INTO provenance VALUES (1, 'budget', 'tiny')")
        connection.execute("INSERT INTO merges VALUES (1, 'tiny', '1', 'Toy Story', 1995, 'imdb id', 1.0, 1)")
        connection.execute("INSERT INTO genres VALUES (39, 'Comedy', 'tagger', TRUE, 0.62)")
        connection.execute("INSERT INTO aliases VALUES (8, 'Taxista', 'taxista', 'tiny')")
    return path


def _add(connection: duckdb.DuckDBPyConnection, people: dict[str, int], film_id: int, cells: list[str]) -> None:
    title, original, day, minutes, language, budget, revenue, popularity, average, votes, *lists = cells
    date = None if day == "-" or day.endswith("00-00") else day
    money = [None if m == "-" else round(float(m) * 1e6) for m in (budget, revenue)]
    profit = money[1] - money[0] if None not in money else None  # type: ignore[operator]
    ratio = money[1] / money[0] if None not in money else None  # type: ignore[operator]
    connection.execute(
        """INSERT INTO films (film_id, title, title_key, original_title, year, release_date, runtime, language, budget,
        revenue, profit, "return", popularity, vote_average, vote_count, weighted_rating)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [film_id, title, title_key(title), original or None, None if day == "-" else int(day[:4]), date,
         _number(minutes), language, *money, profit, ratio, _number(popularity), _number(average), _number(votes),
         _number(average)],
    )  # fmt: skip
    genres, directors, cast, country = (text.split(",") if text else [] for text in lists)
    for genre in genres:
        connection.execute("INSERT INTO genres VALUES (?, ?, 'tiny', FALSE, NULL)", [film_id, genre])
    for code in country:
        connection.execute("INSERT INTO countries VALUES (?, ?, NULL, 'tiny')", [film_id, code])
    for name in directors:
        _credit(connection, film_id, people.setdefault(name, len(people) + 1), "Directing", "Director", None, None)
    for position, name in enumerate(cast):
        person = people.setdefault(name, len(people) + 1)
        _credit(connection, film_id, person, "Acting", "Actor", None, position)


def _number(text: str) -> float | None:
    return None if text == "-" else float(text)


def _credit(connection: duckdb.DuckDBPyConnection, *row: object) -> None:
    connection.execute("INSERT INTO credits VALUES (?, ?, ?, ?, ?, ?, 'tiny')", row)
