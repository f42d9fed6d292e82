"""A made-up catalogue of any size, for load tests: names and figures are drawn at random, nothing in it is true.

python -m benchmarks._synthetic_catalogue FILE [--films 100000] [--people 300000]
"""

import argparse
from pathlib import Path

import duckdb

from cinefile.catalogue.schema import SCHEMA_VERSION, create_statements

# Some 3,000 made-up words, drawn so that a few are frequent, as in real titles.
_WORDS = """
    CREATE TEMP TABLE words AS SELECT i AS n, a || b || c AS word FROM (
        SELECT row_number() OVER (ORDER BY hash(a || b || c)) - 1 AS i, * FROM
        (SELECT unnest(['ba','ro','mi','sta','lo','fer','dun','gra','hel','ka','vi','nor','pel','sho','tri']) AS a),
        (SELECT unnest(['l','n','r','st','m','v','d','k','t','ss','ng','ch','p','b']) AS b),
        (SELECT unnest(['a','o','er','en','ia','ing','ock','ine','eau','y','ée','ón','um','is']) AS c))
"""
_FILMS = """
    CREATE TEMP TABLE drawn AS
    SELECT i AS film_id, 1 + (random() * 4)::INT AS length, random() AS fame FROM range(1, ? + 1) t(i);
    CREATE TEMP TABLE titles AS
    SELECT film_id, string_agg(upper(word[1]) || word[2:], ' ' ORDER BY p) AS title FROM (
        SELECT film_id, p, (power(random(), 2) * 2939)::INT AS n FROM drawn, range(5) s(p) WHERE p < length
    ) JOIN words USING (n) GROUP BY film_id;
"""
_FILL = """
    INSERT INTO films (film_id, title, title_key, year, release_date, runtime, language, budget, revenue, profit,
                       "return", popularity, vote_average, vote_count, vote_average_filled, weighted_rating)
    SELECT film_id, title, regexp_replace(lower(strip_accents(title)), '[^a-z0-9]', '', 'g'), year(day), day,
           60 + (random() * 120)::INT, ['en','fr','es','ja','de','it'][1 + (power(random(), 3) * 5)::INT],
           budget, revenue, revenue - budget, revenue / budget, fame * 100,
           3 + random() * 6, (power(fame, 8) * 20000)::INT, 6, 6
    FROM (SELECT *, DATE '1930-01-01' + (random() * 34000)::INT AS day,
                 CASE WHEN fame > 0.7 THEN (1e6 + random() * 1e8)::BIGINT END AS budget,
                 CASE WHEN fame > 0.8 THEN (random() * 4e8)::BIGINT END AS revenue
          FROM drawn JOIN titles USING (film_id)) ORDER BY film_id;
    INSERT INTO genres SELECT DISTINCT film_id,
        ['Drama','Comedy','Action','Horror','Thriller','Romance','Crime',
        'Sci-Fi','Documentary','Western'][1 + (power(random(), 2) * 9)::INT], 'made up', FALSE, NULL
        FROM films, range(2);
    INSERT INTO countries SELECT film_id, ['US','FR','ES','JP','DE'][1 + (power(random(), 2) * 4)::INT], NULL,
        'made up' FROM films;
    INSERT INTO keywords SELECT film_id, word, 'made up' FROM (
        SELECT film_id, (random() * 2939)::INT AS n FROM films, range(5)) JOIN words USING (n) ORDER BY film_id;
    INSERT INTO provenance
        SELECT film_id, unnest(['title','year','budget','revenue','vote_count']), 'made up' FROM films;
    INSERT INTO external_ids SELECT 'tmdb', film_id::VARCHAR, film_id, 'made up' FROM films;
    INSERT INTO merges SELECT film_id, 'made up', film_id, title, year, 'new', 1, 1 FROM films;
"""
_PEOPLE = """
    INSERT INTO people SELECT person_id, upper(a[1]) || a[2:] || ' ' || upper(b[1]) || b[2:], a || b, person_id, 1
    FROM (SELECT i AS person_id, (power(random(), 2) * 2939)::INT AS n, (random() * 2939)::INT AS m
          FROM range(1, ? + 1) t(i))
    JOIN (SELECT n, strip_accents(word) AS a FROM words) USING (n)
    JOIN (SELECT n AS m, strip_accents(word) AS b FROM words) USING (m) ORDER BY person_id
"""
_CREDITS = """
    INSERT INTO credits SELECT film_id, 1 + (power(random(), 2) * (? - 1))::INT,
        CASE WHEN p = 0 THEN 'Directing' WHEN p < 13 THEN 'Acting' ELSE 'Writing' END,
        CASE WHEN p = 0 THEN 'Director' WHEN p < 13 THEN 'Actor' ELSE 'Writer' END, NULL,
        CASE WHEN p BETWEEN 1 AND 12 THEN p - 1 END, 'made up'
    FROM films, range(15) s(p) ORDER BY film_id
"""


def write(path: Path, films: int, people: int) -> None:
    """Write the catalogue to a new file; the same sizes give the same file contents."""
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        for statement in create_statements():
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
        connection.execute("SELECT setseed(0.5)").fetchall()
        connection.execute(_WORDS)
        drawn, titles = [s for s in _FILMS.split(";") if s.strip()]
        connection.execute(drawn, [films])
        connection.execute(titles)
        connection.execute(_FILL)
        connection.execute(_PEOPLE, [people])
        connection.execute(_CREDITS, [people])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=300_000)
    given = parser.parse_args()
    given.file.unlink(missing_ok=True)
    write(given.file, given.films, given.people)


if __name__ == "__main__":
    main()
