"""Deciding which film of the catalogue an incoming film is, by title and year, where ids do not tell."""

import duckdb

from cinefile.catalogue.resolve import take_best


def by_titles(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `matched` the films found by title and year."""
    candidates(connection)


def candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `pair`: incoming films and films with a common title key, at most a year apart, with the evidence.

    A film that the source has given under another key, or that has another id of the same kind, is none.
    """
    connection.execute(
        """
        CREATE OR REPLACE TABLE film_keys AS
        SELECT film_id, title_key, true AS main FROM w_films
        UNION ALL SELECT film_id, title_key, false FROM aliases;
        CREATE OR REPLACE TABLE pair AS
        SELECT i.iid, f.film_id, bool_or(ik.main AND fk.main) AS main, abs(i.year - f.year) AS apart
        FROM incoming i JOIN in_keys ik USING (iid) JOIN film_keys fk USING (title_key)
        JOIN w_films f ON f.film_id = fk.film_id AND abs(i.year - f.year) <= 1
        ANTI JOIN matched m ON m.iid = i.iid
        ANTI JOIN matched n ON n.film_id = f.film_id
        ANTI JOIN merges g ON g.film_id = f.film_id AND g.source = getvariable('source')
        GROUP BY ALL
        """
    )
