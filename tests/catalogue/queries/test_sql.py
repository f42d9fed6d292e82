from pathlib import Path

import pytest

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.sql import select
from cinefile.errors import InputError


def test_rows_up_to_the_limit(facts: FilmColumns) -> None:
    table = select(facts.catalogue, "SELECT film_id, title FROM films ORDER BY film_id", limit=3)
    assert table.columns == ("film_id", "title")
    assert table.rows[0] == (1, "Toy Story")
    assert (len(table.rows), table.truncated) == (3, True)


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "DESCRIBE films", "EXPLAIN SELECT 1", "FROM films LIMIT 1", "VALUES (1)"]
)
def test_what_reads(facts: FilmColumns, sql: str) -> None:
    assert select(facts.catalogue, sql).rows


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "DROP TABLE films",
        "DELETE FROM films",
        "INSERT INTO meta VALUES ('a', 'b')",
        "CREATE TEMP TABLE t (i INT)",
        "ATTACH ':memory:' AS other",
        "COPY films TO '/tmp/films.csv'",
        "SELECT 1; DROP TABLE films",
        "SET threads = 1",
        "PRAGMA database_list",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CALL pragma_version()",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT content FROM read_text('/etc/hostname')",
        "SELECT nope FROM films",
        "SELECT FROM WHERE",
        "SELECT 'a'::INT",
        "SELECT '\ud800'",
        "SELECT " + "1" * 30_000,
    ],
)
def test_what_is_refused(facts: FilmColumns, sql: str) -> None:
    with pytest.raises(InputError):
        select(facts.catalogue, sql)


def test_a_long_query_is_stopped(facts: FilmColumns) -> None:
    endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3"
    with pytest.raises(InputError, match="longer than"):
        select(facts.catalogue, endless, seconds=0.2)


def test_nothing_is_written(facts: FilmColumns, small_catalogue_file: Path) -> None:
    with pytest.raises(InputError):
        select(facts.catalogue, "UPDATE films SET title = 'x'")
    assert select(facts.catalogue, "SELECT count(*) FROM films WHERE title = 'x'").rows == ((0,),)
