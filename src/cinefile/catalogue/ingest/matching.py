"""Match an incoming film with a film of the catalogue: by ids first, then by title, year and further evidence."""

from dataclasses import dataclass

import duckdb

from cinefile.catalogue.catalogue_file import number
from cinefile.catalogue.ingest.cleaning import follow_links
from cinefile.sources.contract import ID_KINDS

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


_KINDS = "(" + ", ".join(f"'{kind}'" for kind in ID_KINDS) + ")"


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
        FROM (SELECT i.iid, e.film_id, i.kind, list_position({list(ID_KINDS)}, i.kind) AS place
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
