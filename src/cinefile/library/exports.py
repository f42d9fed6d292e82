"""The films of a catalogue as an index for matching what people bring along."""

from cinefile.catalogue.facts import Facts
from cinefile.taste.exports import FilmIndex

_FILMS = """
    WITH ids AS (
        SELECT film_id, min(value) FILTER (kind = 'imdb') AS imdb, min(value) FILTER (kind = 'movielens') AS movielens
        FROM external_ids WHERE kind IN ('imdb', 'movielens') GROUP BY film_id
    ),
    names AS (SELECT film_id, list(DISTINCT title ORDER BY title) AS titles FROM aliases GROUP BY film_id)
    SELECT film_id, title, year, imdb, try_cast(movielens AS INTEGER), coalesce(vote_count, 0),
           list_distinct(list_concat([f.original_title], names.titles))
    FROM films f LEFT JOIN ids USING (film_id) LEFT JOIN names USING (film_id) ORDER BY film_id
"""


def film_index(facts: Facts) -> FilmIndex:
    """Films by id and by every title they have; made once per open catalogue."""
    return facts.kept("film index", lambda: _index(facts))


def _index(facts: Facts) -> FilmIndex:
    rows = facts.rows(_FILMS)
    ids, titles, years, imdb, movielens, fame, others = zip(*rows, strict=True) if rows else ((),) * 7
    aliases = [[name for name in (names or ()) if name] for names in others]
    return FilmIndex(ids, titles, years, imdb, movielens, aliases, fame)
