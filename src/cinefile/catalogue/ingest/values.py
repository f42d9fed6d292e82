"""Choose the values of a film: which source's stands in `films`, and the lists that every source adds to."""

import duckdb

from cinefile.catalogue.genre_names import mapping
from cinefile.sources import registry

_LAST = 1_000_000
FIELDS = (
    "title",
    "original_title",
    "year",
    "release_date",
    "runtime",
    "language",
    "status",
    "tagline",
    "adult",
    "budget",
    "revenue",
    "popularity",
    "votes",
    "collection_id",
)
# One statement of a source, kept together: an average is worth nothing beside another source's count.
_GROUPS = {"votes": ("vote_average", "vote_count")}


def rank(expression: str) -> str:
    """SQL for the rank of the source that an expression names; sources that are not in the registry come last."""
    ranks = " ".join(f"WHEN '{source.name}' THEN {source.rank}" for source in registry.SOURCES)
    return f"CASE {expression} {ranks} ELSE {_LAST} END"


def columns(field: str) -> tuple[str, ...]:
    """Columns of `films` that a field stands for."""
    return _GROUPS.get(field, (field,))


def load(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `w_films` from `films` and `provenance`."""
    by = ", ".join(f"max(source) FILTER (field = '{columns(f)[-1]}') AS {f}_by" for f in FIELDS)
    values = ", ".join(f"f.{c}" for field in FIELDS for c in columns(field))
    connection.execute(f"""
        CREATE OR REPLACE TABLE w_films AS
        SELECT f.film_id, f.title_key, f.first_run, {values}, p.* EXCLUDE (film_id)
        FROM films f LEFT JOIN (SELECT film_id, {by} FROM provenance GROUP BY film_id) p USING (film_id)
    """)


def update(connection: duckdb.DuckDBPyConnection) -> None:
    """Take the run's values where they are preferred or the film has none, and add the new films.

    Between equally preferred sources (the same one again) the newer value wins. The titles that are not the film's
    own become aliases.
    """
    _collections(connection)
    ours = rank("getvariable('source')")
    chosen = []
    for f in FIELDS:
        known = " OR ".join(f"i.{c} IS NOT NULL" for c in columns(f)[-1:])
        wins = f"({known}) AND (f.{columns(f)[-1]} IS NULL OR {ours} <= {rank(f'f.{f}_by')})"
        chosen += [f"CASE WHEN {wins} THEN i.{c} ELSE f.{c} END AS {c}" for c in columns(f)]
        chosen.append(f"CASE WHEN {wins} THEN getvariable('source') ELSE f.{f}_by END AS {f}_by")
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE arriving AS
        SELECT m.film_id, k.key AS title_key, c.collection_id, i.* EXCLUDE (
            iid, plot, aliases, genres, keywords, companies, countries, cast_names, collection)
        FROM incoming i JOIN matched m USING (iid) JOIN k ON k.text = i.title
        LEFT JOIN collections c ON c.tmdb_id IS NOT DISTINCT FROM i.collection.tmdb_id AND c.name = i.collection.name;
        CREATE OR REPLACE TABLE before AS
        SELECT f.film_id, f.title, f.title_key, f.title_by FROM w_films f SEMI JOIN arriving USING (film_id);
        CREATE OR REPLACE TABLE w_next AS
        SELECT coalesce(f.film_id, i.film_id) AS film_id, coalesce(f.first_run, getvariable('run')) AS first_run,
            {", ".join(chosen)},
            CASE WHEN f.title IS NULL OR ({ours} <= {rank("f.title_by")} AND i.title IS NOT NULL)
                 THEN i.title_key ELSE f.title_key END AS title_key
        FROM w_films f FULL JOIN arriving i ON f.film_id = i.film_id;
        """
    )
    names = ", ".join(c for f in FIELDS for c in (*columns(f), f"{f}_by"))
    connection.execute(f"""
        CREATE OR REPLACE TABLE w_films AS SELECT film_id, title_key, first_run, {names}
        FROM (SELECT * REPLACE (
            CASE WHEN release_date IS NULL THEN year ELSE CAST(year(release_date) AS SMALLINT) END AS year,
            CASE WHEN release_date IS NULL THEN year_by ELSE release_date_by END AS year_by) FROM w_next);
        DROP TABLE w_next; DROP TABLE arriving
    """)
    connection.execute(
        """
        INSERT INTO aliases
        SELECT a.film_id, any_value(a.title), a.title_key, any_value(a.source) FROM (
            SELECT m.film_id, k.title, k.title_key, getvariable('source') AS source
            FROM in_keys k JOIN matched m USING (iid)
            UNION ALL SELECT film_id, title, title_key, title_by FROM before) a
        JOIN w_films f ON f.film_id = a.film_id AND f.title_key != a.title_key
        ANTI JOIN aliases b ON b.film_id = a.film_id AND b.title_key = a.title_key
        GROUP BY a.film_id, a.title_key
        """
    )


def _collections(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        INSERT INTO collections
        SELECT (SELECT coalesce(max(collection_id), 0) FROM collections) + row_number() OVER (ORDER BY first),
               name, tmdb_id
        FROM (SELECT TRY_CAST(collection.tmdb_id AS INTEGER) AS tmdb_id, trim(collection.name) AS name,
                     min(iid) AS first
              FROM incoming WHERE collection IS NOT NULL GROUP BY ALL) n
        ANTI JOIN collections c ON c.tmdb_id IS NOT DISTINCT FROM n.tmdb_id AND c.name = n.name
    """)


def finish(connection: duckdb.DuckDBPyConnection) -> None:
    """Make views of `films`, with the computed figures, and `provenance` from `w_films`; put C and m into `meta`.

    The weighted rating is IMDb's: WR = v/(v+m) R + m/(v+m) C, with R a film's average, v its votes, C the mean of R
    over all films with votes, and m the 90th percentile of v (see docs/catalogue.md for the source).
    """
    connection.execute("""
        CREATE OR REPLACE TABLE scale AS
        SELECT avg(vote_average) AS c, quantile_cont(vote_count, 0.9) AS m FROM w_films
        WHERE vote_average IS NOT NULL AND vote_count IS NOT NULL;
        DROP TABLE films;
        CREATE VIEW films AS
        SELECT film_id, title, title_key, original_title, year, release_date, runtime, language, status, tagline, adult,
            budget, revenue, revenue - budget AS profit, revenue / budget AS "return", popularity, vote_average,
            vote_count, coalesce(vote_average, c) AS vote_average_filled,
            CASE WHEN vote_average IS NOT NULL
                 THEN (vote_count * vote_average + m * c) / (vote_count + m) END AS weighted_rating,
            collection_id, first_run
        FROM w_films, scale
    """)
    # One list for each film, so that the rows of a film come together and need not be sorted.
    pairs = [
        f"CASE WHEN {c} IS NOT NULL THEN {{'field': '{c}', 'source': {f}_by}} END" for f in FIELDS for c in columns(f)
    ]
    connection.execute(f"""
        DROP TABLE provenance;
        CREATE VIEW provenance AS
        SELECT film_id, pair.field, pair.source
        FROM (SELECT film_id, unnest([{", ".join(pairs)}]) AS pair FROM w_films ORDER BY film_id)
        WHERE pair IS NOT NULL;
        DELETE FROM meta WHERE key IN ('mean_vote', 'minimum_votes');
        INSERT INTO meta SELECT 'mean_vote', c::VARCHAR FROM scale WHERE c IS NOT NULL
        UNION ALL SELECT 'minimum_votes', m::VARCHAR FROM scale WHERE m IS NOT NULL
    """)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `in_genres`: the genres of the incoming films in the one vocabulary."""
    names = connection.execute("SELECT DISTINCT unnest(genres) FROM incoming").fetchall()
    connection.register("genre_names", mapping([name for (name,) in names]))
    connection.execute("""
        CREATE OR REPLACE TABLE in_genres AS
        SELECT DISTINCT iid, genre FROM (SELECT iid, unnest(genres) AS name FROM incoming) JOIN genre_names USING (name)
    """)
    connection.unregister("genre_names")


def join(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `ours`: the incoming films with the film that each is."""
    connection.execute("""
        CREATE OR REPLACE VIEW ours AS SELECT m.film_id, i.* EXCLUDE (iid) FROM incoming i JOIN matched m USING (iid)
    """)


def add(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the lists and the plot of the run's films; what a film has already from this source is not added again.

    A plot that the source gave before is replaced by its newer one. Keywords come from the film rows and from the
    keyword files (`f_keyword`, see run).
    """
    connection.execute(
        """
        INSERT INTO genres BY NAME
        SELECT DISTINCT m.film_id, g.genre, getvariable('source') AS source, false AS predicted
        FROM in_genres g JOIN matched m USING (iid)
        ANTI JOIN genres old ON old.film_id = m.film_id AND old.genre = g.genre AND old.source = getvariable('source');
        INSERT INTO companies
        SELECT n.film_id, n.company, TRY_CAST(min(n.tmdb_id) AS INTEGER), getvariable('source')
        FROM (SELECT film_id, trim(c.name) AS company, c.tmdb_id
              FROM (SELECT film_id, unnest(companies) AS c FROM ours)) n
        ANTI JOIN companies old ON old.film_id = n.film_id AND old.company = n.company
            AND old.source = getvariable('source')
        WHERE n.company != '' GROUP BY n.film_id, n.company;
        INSERT INTO countries
        SELECT n.film_id, n.code, min(n.country), getvariable('source')
        FROM (SELECT film_id, upper(trim(c.code)) AS code, trim(c.name) AS country
              FROM (SELECT film_id, unnest(countries) AS c FROM ours)) n
        ANTI JOIN countries old ON old.film_id = n.film_id AND old.code = n.code AND old.source = getvariable('source')
        WHERE n.code != '' GROUP BY n.film_id, n.code;
        DELETE FROM plots WHERE source = getvariable('source')
            AND film_id IN (SELECT film_id FROM ours WHERE plot IS NOT NULL);
        INSERT INTO plots SELECT film_id, getvariable('source'), plot FROM ours WHERE plot IS NOT NULL;
        INSERT INTO keywords
        SELECT DISTINCT n.film_id, trim(n.keyword), getvariable('source')
        FROM (SELECT film_id, unnest(keywords) AS keyword FROM ours
              UNION ALL SELECT f.film_id, unnest(s.keywords) FROM s_keyword s JOIN f_keyword f USING (row)) n
        ANTI JOIN keywords old ON old.film_id = n.film_id AND old.keyword = trim(n.keyword)
            AND old.source = getvariable('source')
        WHERE trim(n.keyword) != ''
        """
    )
