"""Deciding which film of the catalogue an incoming film is, by ids.

Result: `matched` (iid, film_id, rule, confidence). A film takes at most one incoming film of a run, and never one that
has another id of the same kind. Where several want the same film, the best pair is taken first, then the next best.
"""

import duckdb

from cinefile.catalogue.build.incoming import IDENTITY_KINDS, follow_links
from cinefile.catalogue.database import number

_KINDS = "(" + ", ".join(f"'{kind}'" for kind in IDENTITY_KINDS) + ")"


def by_ids(connection: duckdb.DuckDBPyConnection) -> None:
    """Start `matched`: films that the source gave before under the same key and title, then films that share an id."""
    connection.execute(
        """
        CREATE OR REPLACE TABLE matched (iid INTEGER, film_id INTEGER, rule VARCHAR, confidence DOUBLE);
        CREATE OR REPLACE TABLE candidate AS
        SELECT i.iid, m.film_id, 'same key' AS rule, 1.0 AS confidence, 1 AS score
        FROM incoming i JOIN merges m ON m.source = getvariable('source') AND m.key = i.key AND m.title = i.title
        GROUP BY ALL
        """
    )
    take_best(connection)
    connection.execute(f"""
        CREATE OR REPLACE TABLE candidate AS
        SELECT iid, film_id, min_by(kind, place) || ' id' AS rule, 1.0 AS confidence,
               10 * count(*) - min(place) AS score
        FROM (SELECT i.iid, e.film_id, i.kind, list_position({list(IDENTITY_KINDS)}, i.kind) AS place
              FROM in_ids i JOIN external_ids e USING (kind, value) WHERE i.kind IN {_KINDS})
        GROUP BY iid, film_id
    """)
    take_best(connection)


def take_best(connection: duckdb.DuckDBPyConnection) -> None:
    """Move pairs from `candidate` to `matched`: those without a clash of ids, best score first, each side once."""
    connection.execute(f"""
        DELETE FROM candidate USING matched WHERE candidate.iid = matched.iid OR candidate.film_id = matched.film_id;
        CREATE OR REPLACE TABLE clash AS
        SELECT DISTINCT c.iid, c.film_id FROM candidate c JOIN in_ids i USING (iid)
        JOIN external_ids e ON e.film_id = c.film_id AND e.kind = i.kind AND e.value != i.value
        WHERE i.kind IN {_KINDS};
        DELETE FROM candidate USING clash WHERE candidate.iid = clash.iid AND candidate.film_id = clash.film_id
    """)
    while number(connection, "SELECT count(*) FROM candidate"):
        connection.execute("""
            CREATE OR REPLACE TABLE best AS
            SELECT iid, film_id, rule, confidence FROM candidate
            QUALIFY row_number() OVER (PARTITION BY iid ORDER BY score DESC, film_id) = 1
                AND row_number() OVER (PARTITION BY film_id ORDER BY score DESC, iid) = 1;
            INSERT INTO matched FROM best;
            DELETE FROM candidate USING best WHERE candidate.iid = best.iid OR candidate.film_id = best.film_id
        """)


def add_new(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every incoming film without a match an id of its own, in the order of the files."""
    connection.execute("""
        INSERT INTO matched
        SELECT iid, (SELECT coalesce(max(film_id), 0) FROM w_films) + row_number() OVER (ORDER BY iid), 'new', 1.0
        FROM incoming ANTI JOIN matched USING (iid)
    """)


def keep_ids(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the run's ids to `external_ids`; an id that another film holds, or whose kind the film has, is left out.

    Where two incoming films claim one id, the one that the source gave it to goes before one that a link gave it to.
    """
    connection.execute(
        f"""
        INSERT INTO external_ids
        SELECT kind, value, film_id, getvariable('source') FROM (
            SELECT i.kind, i.value, m.film_id FROM in_ids i JOIN matched m USING (iid)
            QUALIFY row_number() OVER (PARTITION BY i.kind, i.value ORDER BY i.linked, i.iid) = 1
        ) n ANTI JOIN external_ids e USING (kind, value)
            ANTI JOIN external_ids f ON f.film_id = n.film_id AND f.kind = n.kind;
        INSERT INTO external_ids
        SELECT getvariable('source'), i.key, m.film_id, getvariable('source') FROM incoming i JOIN matched m USING (iid)
        ANTI JOIN (SELECT DISTINCT iid FROM in_ids WHERE kind IN {_KINDS} AND NOT linked) o ON o.iid = i.iid
        ANTI JOIN external_ids e ON e.kind = getvariable('source') AND e.value = i.key
        """
    )


def spread_links(connection: duckdb.DuckDBPyConnection) -> None:
    """Give films of earlier runs the ids that `links` now puts beside theirs, where no other film holds them."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE known_ids AS
        SELECT kind, value, film_id, false AS linked FROM external_ids WHERE kind IN {_KINDS}
    """)
    follow_links(connection, "known_ids", "film_id")
    connection.execute(
        """
        INSERT INTO external_ids
        SELECT kind, value, min(film_id), getvariable('source')
        FROM known_ids k ANTI JOIN external_ids e USING (kind, value)
        WHERE linked GROUP BY kind, value HAVING count(*) = 1
        """
    )
