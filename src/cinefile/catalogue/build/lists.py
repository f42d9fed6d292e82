"""What a film has several of: genres, keywords, companies, countries, plots. Each row keeps its source."""

import duckdb

from cinefile.catalogue.vocabulary import mapping


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
