"""What a catalogue knows of its films, as the features on which the factor model's films without ratings rest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from cinefile.taste.features import FilmFeatures, film_features, slug

if TYPE_CHECKING:
    import duckdb

# A film whose genres come from several sources has each genre once; predicted ones say less, and are left out.
_FILMS = """
    SELECT f.film_id, f.year, coalesce(g.names, []) AS genres
    FROM films f LEFT JOIN (
        SELECT film_id, list(DISTINCT genre ORDER BY genre) AS names FROM genres WHERE NOT predicted GROUP BY film_id
    ) g USING (film_id)
    ORDER BY f.film_id
"""
_FACTS = """
    SELECT film_id, 'language:' || language FROM films WHERE language IS NOT NULL
    UNION ALL SELECT DISTINCT film_id, 'country:' || code FROM countries
    UNION ALL SELECT film_id, 'minutes:' || least(floor(runtime / 20) * 20, 180)::INT FROM films WHERE runtime > 0
    UNION ALL SELECT DISTINCT film_id, 'director:' || person_id FROM credits WHERE job = 'Director'
    ORDER BY ALL
"""
_FEWEST, _MOST = 2, 3000  # films that share a fact, and facts: one film's own says nothing of another


def catalogue_features(cursor: "duckdb.DuckDBPyConnection", names: Sequence[str] | None = None) -> FilmFeatures:
    """Genres, decade, language, countries, length in steps of 20 minutes, and directors of all films.

    No figure that says how a film was received is among them.

    Args:
        cursor: on a catalogue.
        names: the columns of a trained model, to add films to it; default: those that at least two films share.
    """
    films = cursor.execute(_FILMS).fetchall()
    facts = cursor.execute(_FACTS).fetchall()
    found, times = np.unique([name for _, name in facts] or np.empty(0, dtype=str), return_counts=True)
    chosen = found[np.argsort(-times, kind="stable")[: min(_MOST, int((times >= _FEWEST).sum()))]].tolist()
    genres = None
    if names is not None:
        chosen = [name for name in names if name.partition(":")[0] in ("language", "country", "minutes", "director")]
        genres = [name.removeprefix("genre:") for name in names if name.startswith("genre:")]
    column, row = {name: n for n, name in enumerate(chosen)}, {film[0]: n for n, film in enumerate(films)}
    places = np.array([(row[f], column[name]) for f, name in facts if name in column], dtype=np.int64).reshape(-1, 2)
    ones = np.ones(len(places), dtype=np.float32)
    extra = sp.csr_matrix((ones, (places[:, 0], places[:, 1])), shape=(len(films), len(chosen)))
    ids, years = [film[0] for film in films], [film[1] for film in films]
    # By the names of the columns, so that a model's own columns are found again.
    named = [[slug(genre) for genre in film[2]] for film in films]
    return film_features(ids, named, years, extra, chosen, genres)
