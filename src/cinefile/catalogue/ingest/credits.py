"""Store people and credits: by TMDB's id where there is one, by name only where the name leaves no doubt."""

import duckdb

from cinefile.catalogue.catalogue_file import number
from cinefile.catalogue.ingest.cleaning import make_keys


def add(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the people and credits of the run: the credit rows (`f_credit`, see run) and the films' cast names.

    The staged credit rows are gone afterwards: memory peaks here.

    A film has one credit per person, department, job and character; what another source said before stays.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE said AS
        SELECT row, film_id, TRY_CAST(p.tmdb_id AS INTEGER) AS tmdb_id, trim(p.name) AS name,
            nullif(p.gender, 0) AS gender,
            coalesce(p.department, '') AS department, coalesce(p.job, '') AS job,
            nullif(trim(p.character), '') AS character, p.position
        FROM (SELECT row, f.film_id, unnest(s.people) AS p FROM s_credit s JOIN f_credit f USING (row))
        WHERE trim(p.name) != ''
        UNION ALL
        SELECT row, film_id, NULL, trim(name), NULL, 'Acting', 'Actor', NULL, CAST(place - 1 AS INTEGER)
        FROM (SELECT row, film_id, unnest(cast_names) AS name, generate_subscripts(cast_names, 1) AS place FROM ours)
        WHERE trim(name) != '';
        DROP TABLE s_credit
    """)
    if not number(connection, "SELECT count(*) FROM said"):
        return
    make_keys(connection, "SELECT name AS text FROM said", "name_keys")
    _known_by_id(connection)
    _known_by_name(connection)
    connection.execute(
        """
        DROP TABLE by_id; DROP TABLE named; DROP TABLE in_film;
        INSERT INTO credits
        SELECT s.film_id, s.person_id, s.department, s.job, s.character, min(s.position), getvariable('source')
        FROM (SELECT s.*, p.person_id FROM said s JOIN people p USING (tmdb_id)
              UNION ALL
              SELECT s.*, c.person_id FROM said s JOIN chosen c USING (film_id, name) WHERE s.tmdb_id IS NULL) s
        ANTI JOIN credits c ON c.film_id = s.film_id AND c.person_id = s.person_id AND c.department = s.department
            AND c.job = s.job
        GROUP BY ALL
        """
    )


def _known_by_id(connection: duckdb.DuckDBPyConnection) -> None:
    """People with a TMDB id. One whom a source only named before, in a film of theirs, is given the id."""
    connection.execute("""
        CREATE OR REPLACE TABLE by_id AS
        SELECT s.tmdb_id, arg_min(s.name, s.row) AS name, max(s.gender) AS gender, min(s.row) AS row
        FROM said s ANTI JOIN people p ON p.tmdb_id = s.tmdb_id
        WHERE s.tmdb_id IS NOT NULL GROUP BY s.tmdb_id;
        CREATE OR REPLACE TABLE adopted AS
        SELECT p.person_id, n.tmdb_id, n.gender FROM by_id n JOIN name_keys k ON k.text = n.name
        JOIN people p ON p.name_key = k.key AND p.tmdb_id IS NULL
        JOIN credits c ON c.person_id = p.person_id
        JOIN said s ON s.tmdb_id = n.tmdb_id AND s.film_id = c.film_id
        GROUP BY p.person_id, n.tmdb_id, n.gender
        QUALIFY count(*) OVER (PARTITION BY p.person_id) = 1 AND count(*) OVER (PARTITION BY n.tmdb_id) = 1;
        UPDATE people SET tmdb_id = a.tmdb_id, gender = a.gender FROM adopted a WHERE people.person_id = a.person_id;
        INSERT INTO people
        SELECT (SELECT coalesce(max(person_id), 0) FROM people) + row_number() OVER (ORDER BY n.row, n.tmdb_id),
            n.name, k.key, n.tmdb_id, n.gender
        FROM by_id n JOIN name_keys k ON k.text = n.name ANTI JOIN people p ON p.tmdb_id = n.tmdb_id
    """)


def _known_by_name(connection: duckdb.DuckDBPyConnection) -> None:
    """Names without an id: a person of that name in the same film; else the only one of that name; else a new person.

    Where several share the name, the source's person is one more, without a TMDB id.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE named AS
        SELECT s.row, s.film_id, s.name, k.key AS name_key FROM said s JOIN name_keys k ON k.text = s.name
        WHERE s.tmdb_id IS NULL;
        CREATE OR REPLACE TABLE in_film AS
        SELECT n.film_id, n.name_key, min(c.person_id) AS person_id
        FROM (SELECT DISTINCT film_id, name_key FROM named) n
        JOIN (SELECT DISTINCT film_id, person_id FROM credits
              UNION SELECT DISTINCT s.film_id, p.person_id FROM said s JOIN people p USING (tmdb_id)) c USING (film_id)
        JOIN people p ON p.person_id = c.person_id AND p.name_key = n.name_key
        GROUP BY ALL HAVING count(*) = 1;
        CREATE OR REPLACE TABLE of_name AS
        SELECT name_key, CASE WHEN count(*) = 1 THEN min(person_id)
                              ELSE min(person_id) FILTER (tmdb_id IS NULL) END AS person_id
        FROM people SEMI JOIN named USING (name_key) GROUP BY name_key;
        CREATE OR REPLACE TABLE unknown AS
        SELECT n.name_key, arg_min(n.name, n.row) AS name, min(n.row) AS row
        FROM named n ANTI JOIN in_film USING (film_id, name_key)
        ANTI JOIN (FROM of_name WHERE person_id IS NOT NULL) o USING (name_key) GROUP BY n.name_key;
        INSERT INTO people
        SELECT (SELECT coalesce(max(person_id), 0) FROM people) + row_number() OVER (ORDER BY row, name_key),
            name, name_key, NULL, NULL FROM unknown;
        CREATE OR REPLACE TABLE chosen AS
        SELECT n.film_id, n.name, coalesce(f.person_id, o.person_id, p.person_id) AS person_id
        FROM (SELECT DISTINCT film_id, name, name_key FROM named) n
        LEFT JOIN in_film f USING (film_id, name_key) LEFT JOIN of_name o USING (name_key)
        LEFT JOIN (SELECT p.* FROM people p SEMI JOIN unknown USING (name_key)
                   WHERE p.tmdb_id IS NULL) p USING (name_key)
    """)
