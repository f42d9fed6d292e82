"""Clean the films of one run, and merge rows that are one film inside their source."""

from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from cinefile.sources.contract import ID_KINDS
from cinefile.titles import title_key

FIRST_YEAR = 1874  # Passage de Venus, the oldest film in TMDB and IMDb
YEARS_AHEAD = 10  # announced films

# Values under which TMDB's users file "there is no text".
_NO_TEXT = "('', 'no overview', 'no overview found.', 'no overview yet.', 'n/a')"
_VALUES = [
    "original_title",
    "release_date",
    "runtime",
    "language",
    "status",
    "tagline",
    "adult",
    "budget",
    "revenue",
    "popularity",
    "vote_average",
    "vote_count",
    *(f"{kind}_id" for kind in ID_KINDS),
    "collection",
    "plot",
]
_LISTS = ["aliases", "genres", "keywords", "companies", "countries", "cast_names"]


def clean(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn `s_film` into `incoming`: zero means unknown, one year, empty texts gone; impossible years are rejected."""
    latest = datetime.now(UTC).year + YEARS_AHEAD
    stated = "coalesce(year(release_date), year)"
    connection.execute(f"""
        CREATE OR REPLACE TABLE bad AS
        SELECT row, CASE WHEN trim(title) = '' THEN 'no title'
            WHEN {stated} NOT BETWEEN {FIRST_YEAR} AND {latest}
            THEN 'year ' || {stated} || ' is outside {FIRST_YEAR} to {latest}' END AS reason
        FROM s_film WHERE reason IS NOT NULL;
        INSERT INTO s_reject SELECT row, file_no, line, reason, left(CAST(s AS VARCHAR), 10000)
        FROM bad JOIN (SELECT * FROM s_film WHERE row IN (SELECT row FROM bad)) s USING (row);
        CREATE OR REPLACE TABLE incoming AS
        SELECT CAST(row AS INTEGER) AS iid, row, file_no, line, key, trim(title) AS title,
            CAST({stated} AS SMALLINT) AS year, nullif(trim(original_title), '') AS original_title, release_date,
            CASE WHEN runtime > 0 THEN runtime END AS runtime, nullif(lower(trim(language)), '') AS language,
            nullif(trim(status), '') AS status, nullif(trim(tagline), '') AS tagline, adult,
            CASE WHEN budget > 0 THEN budget END AS budget, CASE WHEN revenue > 0 THEN revenue END AS revenue,
            popularity, CASE WHEN vote_count > 0 AND vote_average > 0 THEN vote_average END AS vote_average,
            CASE WHEN vote_count > 0 THEN TRY_CAST(vote_count AS INTEGER) END AS vote_count,
            nullif(trim(imdb_id), '') AS imdb_id, tmdb_id, movielens_id, nullif(trim(wikipedia_id), '') AS wikipedia_id,
            CASE WHEN trim(collection.name) != '' THEN collection END AS collection,
            CASE WHEN lower(trim(plot)) NOT IN {_NO_TEXT} THEN trim(plot) END AS plot,
            aliases, genres, keywords, companies, countries, cast_names
        FROM s_film WHERE row NOT IN (SELECT row FROM bad)
    """)


def gather(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave one row of `incoming` for each film, and make `member`.

    Rows of one key are one film: the row with the most votes wins (then the fullest, then the first), the others fill
    its gaps. Rows without any id are one film when title, year and plot are the same to the letter.
    """
    filled = " + ".join(f"({v} IS NOT NULL)::INT" for v in _VALUES)
    everything = ", ".join(["title", "year", *_VALUES, *_LISTS])
    ids = ", ".join(f"{kind}_id::VARCHAR" for kind in ID_KINDS)
    no_id = f"coalesce({ids}) IS NULL AND plot IS NOT NULL"
    connection.execute(f"""
        CREATE OR REPLACE TABLE sames AS
        SELECT row, CASE WHEN {no_id} THEN hash(title, year, plot)::VARCHAR ELSE key END AS same FROM incoming;
        CREATE OR REPLACE TABLE twins AS
        SELECT same, i.*, row_number() OVER (PARTITION BY same ORDER BY vote_count DESC NULLS LAST, {filled} DESC, row)
            AS place, hash({everything}) AS contents
        FROM (SELECT row, same FROM sames QUALIFY count(*) OVER (PARTITION BY same) > 1) JOIN incoming i USING (row);
        CREATE OR REPLACE TABLE member AS
        SELECT row, file_no, iid, key, title, year, NULL::VARCHAR AS rule FROM incoming
        WHERE row NOT IN (SELECT row FROM twins WHERE place > 1)
        UNION ALL
        SELECT t.row, t.file_no, w.iid, t.key, t.title, t.year,
            CASE WHEN t.contents = w.contents THEN 'exact duplicate' ELSE 'repeated id' END
        FROM twins t JOIN twins w ON w.same = t.same AND w.place = 1 WHERE t.place > 1;
        DELETE FROM incoming WHERE row IN (SELECT row FROM twins);
        INSERT INTO incoming BY NAME
        SELECT {", ".join(f"arg_min({v}, place) AS {v}" for v in ("iid", "row", "file_no", "line", "key"))},
            {", ".join(f"arg_min({v}, place) AS {v}" for v in ("title", "year", *_VALUES))},
            {", ".join(f"list_distinct(flatten(list({v} ORDER BY place))) AS {v}" for v in _LISTS)}
        FROM twins GROUP BY same
    """)


def index(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `in_keys` (every title under which an incoming film is known) and `in_ids` (its ids)."""
    titles = """SELECT iid, title AS text, 0 AS place FROM incoming
        UNION ALL SELECT iid, original_title, 1 FROM incoming WHERE original_title != title
        UNION ALL SELECT iid, unnest(aliases), 2 FROM incoming"""
    make_keys(connection, f"SELECT text FROM ({titles})", "k")
    ids = " UNION ALL ".join(
        f"SELECT iid, '{kind}' AS kind, {kind}_id::VARCHAR AS value, false AS linked FROM incoming "
        f"WHERE {kind}_id IS NOT NULL"
        for kind in ID_KINDS
    )
    connection.execute(f"""
        CREATE OR REPLACE TABLE in_keys AS
        SELECT iid, k.key AS title_key, arg_min(text, place) AS title, min(place) = 0 AS main
        FROM ({titles}) JOIN k USING (text) GROUP BY ALL;
        CREATE OR REPLACE TABLE in_ids AS
        {ids}
    """)


def follow_links(connection: duckdb.DuckDBPyConnection, table: str, owner: str) -> None:
    """Add to a table of ids those which `links` puts beside them.

    A link is followed from any id it holds, when it is the only link to do so for that id, and not when it also holds
    an id of a kind which the film has with another value. Ids that the film has stay.

    Args:
        connection: holds `links` and the table.
        table: has the columns owner, kind, value, linked.
        owner: name of the column that says whose id it is.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE link_ids AS
        WITH wide AS (SELECT movielens_id AS link, movielens_id, any_value(imdb_id) AS imdb_id,
                             any_value(tmdb_id) AS tmdb_id FROM links GROUP BY movielens_id)
        SELECT link, 'movielens' AS kind, movielens_id::VARCHAR AS value FROM wide
        UNION ALL SELECT link, 'imdb', imdb_id FROM wide WHERE imdb_id IS NOT NULL
        UNION ALL SELECT link, 'tmdb', tmdb_id::VARCHAR FROM wide WHERE tmdb_id IS NOT NULL;
        CREATE OR REPLACE TABLE follow AS
        WITH sure AS (SELECT kind, value, any_value(link) AS link FROM link_ids GROUP BY kind, value
                      HAVING count(*) = 1),
             hit AS (SELECT DISTINCT t.{owner} AS owner, s.link FROM {table} t JOIN sure s USING (kind, value)),
             clash AS (SELECT h.owner, h.link FROM hit h JOIN link_ids l ON l.link = h.link
                       JOIN {table} t ON t.{owner} = h.owner AND t.kind = l.kind AND t.value != l.value),
             sound AS (SELECT * FROM hit ANTI JOIN clash USING (owner, link))
        SELECT owner, min(link) AS link FROM sound GROUP BY owner HAVING count(*) = 1;
        INSERT INTO {table} ({owner}, kind, value, linked)
        SELECT f.owner, l.kind, l.value, true FROM follow f JOIN link_ids l USING (link)
        ANTI JOIN {table} t ON t.{owner} = f.owner AND t.kind = l.kind
    """)


# Printable ASCII without the comma: no case folding, decomposition or trailing article to think of.
_PLAIN = r"^[ -+\--~]*$"
# Letters, digits and single spaces, no article in front: the commonest case, and the cheapest.
_SIMPLE = r"^[A-Za-z0-9][A-Za-z0-9 ]*$"
_ARTICLE = r"^(?:[Tt][Hh][Ee]|[Aa]|[Aa][Nn]) "
_SQL_KEY = r"""
    coalesce(nullif(regexp_replace(replace(regexp_replace(lower(trim(text)), '^(?:the|a|an) +', ''), '&', 'and'),
                                   '[^a-z0-9]', '', 'g'), ''),
             trim(text))
"""


def make_keys(connection: duckdb.DuckDBPyConnection, texts: str, table: str) -> None:
    """Create the table `table` (text, key) over the distinct strings of a query.

    Args:
        connection: where to.
        texts: an SQL query with one VARCHAR column named `text`.
        table: name of the new table.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT text, CASE WHEN regexp_matches(text, '{_SIMPLE}') AND NOT regexp_matches(text, '{_ARTICLE}')
            THEN replace(lower(text), ' ', '')
            WHEN regexp_matches(text, '{_PLAIN}') THEN {_SQL_KEY} END AS key
        FROM (SELECT DISTINCT text FROM ({texts}) WHERE text IS NOT NULL)
    """)
    rest = [text for (text,) in connection.execute(f"SELECT text FROM {table} WHERE key IS NULL").fetchall()]
    if not rest:
        return
    keyed = pa.table({"text": rest, "key": [title_key(text) for text in rest]})
    connection.register("keyed", keyed)
    connection.execute(f"DELETE FROM {table} WHERE key IS NULL; INSERT INTO {table} SELECT text, key FROM keyed")
    connection.unregister("keyed")
