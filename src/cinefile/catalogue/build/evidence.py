"""Pairs of an incoming film and a film of the catalogue with a common title, and what speaks for and against each."""

import duckdb

from cinefile.catalogue.database import number

# Words of a plot that tell films apart: long ones, and not those which every plot has.
_WORDS = "list_distinct(regexp_extract_all(lower(strip_accents({})), '[a-z]{{5,}}'))"


def gather_pairs(connection: duckdb.DuckDBPyConnection) -> bool:
    """Make `pair`: incoming films and films with a common title key, at most a year apart, with the evidence.

    A film that the source has given under another key is none: a source lists a film once. Columns:
    `main` (the title proper is the common one on both sides), `apart` (years), `article` ("The" on both sides or on
    none), `people` (names shared), `cast_known` (both name at least two people), `named` (one's director or lead
    stands in the other's plot), `genres` and `genres_known`, `words` (share of the shorter plot's long words that the
    other has too).

    Returns:
        Whether there is any pair; without one `pair` is not made.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE film_keys AS
        SELECT film_id, title_key, true AS main FROM w_films
        UNION ALL SELECT film_id, title_key, false FROM aliases;
        CREATE OR REPLACE TABLE near AS
        SELECT i.iid, f.film_id, bool_or(ik.main AND fk.main) AS main, abs(i.year - f.year) AS apart,
            starts_with(lower(i.title), 'the ') = starts_with(lower(f.title), 'the ') AS article
        FROM incoming i JOIN in_keys ik USING (iid) JOIN film_keys fk USING (title_key)
        JOIN w_films f ON f.film_id = fk.film_id AND abs(i.year - f.year) <= 1
        ANTI JOIN matched m ON m.iid = i.iid
        ANTI JOIN matched n ON n.film_id = f.film_id
        ANTI JOIN merges g ON g.film_id = f.film_id AND g.source = getvariable('source')
        GROUP BY i.iid, f.film_id, i.year, f.year, i.title, f.title
    """)
    if not number(connection, "SELECT count(*) FROM near"):
        return False
    _people(connection)
    plots = f"""
        SELECT n.iid, n.film_id, max(len(list_intersect(w, v)) / greatest(least(len(w), len(v)), 1)) AS words
        FROM (SELECT DISTINCT n.iid, n.film_id, {_WORDS.format("i.plot")} AS w
              FROM near n JOIN incoming i USING (iid) WHERE i.plot IS NOT NULL) n
        JOIN (SELECT film_id, {_WORDS.format("plot")} AS v FROM plots SEMI JOIN near USING (film_id)) p USING (film_id)
        GROUP BY ALL
    """
    genres = """
        SELECT n.iid, n.film_id, len(list_intersect(a.g, b.g)) AS genres
        FROM near n
        JOIN (SELECT iid, list(DISTINCT genre) AS g FROM in_genres SEMI JOIN near USING (iid)
              GROUP BY iid) a USING (iid)
        JOIN (SELECT film_id, list(DISTINCT genre) AS g FROM genres SEMI JOIN near USING (film_id)
              WHERE NOT predicted GROUP BY film_id) b USING (film_id)
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE pair AS
        SELECT n.*, coalesce(s.people, 0) AS people, coalesce(s.cast_known, false) AS cast_known,
            coalesce(d.named, 0) AS named, coalesce(g.genres, 0) AS genres, g.genres IS NOT NULL AS genres_known,
            p.words AS words
        FROM near n LEFT JOIN shared s USING (iid, film_id) LEFT JOIN named_in d USING (iid, film_id)
        LEFT JOIN ({genres}) g USING (iid, film_id) LEFT JOIN ({plots}) p USING (iid, film_id)
    """)
    return True


def _people(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `shared` (names in common) and `named_in` (names of one in the plot of the other)."""
    connection.execute("""
        CREATE OR REPLACE TABLE in_people AS
        SELECT DISTINCT iid, name, lead FROM (
            SELECT iid, unnest(cast_names) AS name, true AS lead FROM incoming SEMI JOIN near USING (iid)
            UNION ALL
            SELECT iid, p.name, p.job = 'Director' OR p.position < 5 FROM (
                SELECT m.iid, unnest(s.people) AS p FROM s_credit s JOIN (SELECT key, min(iid) AS iid FROM member
                GROUP BY key) m USING (key) SEMI JOIN near USING (iid)));
        CREATE OR REPLACE TABLE film_people AS
        SELECT DISTINCT c.film_id, p.name, coalesce(c.job = 'Director' OR c.position < 5, false) AS lead
        FROM credits c SEMI JOIN near USING (film_id) JOIN people p USING (person_id);
        CREATE OR REPLACE TABLE shared AS
        SELECT n.iid, n.film_id, len(list_intersect(a.names, b.names)) AS people,
            len(a.names) > 1 AND len(b.names) > 1 AS cast_known
        FROM near n
        JOIN (SELECT iid, list(lower(strip_accents(name))) AS names FROM in_people GROUP BY iid) a USING (iid)
        JOIN (SELECT film_id, list(lower(strip_accents(name))) AS names FROM film_people GROUP BY film_id) b
            USING (film_id);
        CREATE OR REPLACE TABLE named_in AS
        SELECT iid, film_id, count(*) AS named FROM (
            SELECT n.iid, n.film_id, p.name FROM near n JOIN film_people p USING (film_id) JOIN incoming i USING (iid)
            WHERE p.lead AND contains(p.name, ' ') AND contains(lower(i.plot), lower(p.name))
            UNION
            SELECT n.iid, n.film_id, p.name FROM near n JOIN in_people p USING (iid) JOIN plots t USING (film_id)
            WHERE p.lead AND contains(p.name, ' ') AND contains(lower(t.plot), lower(p.name)))
        GROUP BY ALL
    """)
