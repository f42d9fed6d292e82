"""Words to films: an inverted index over titles, people, keywords, genres and plots, ranked by BM25.

DuckDB splits and counts the words; the index is a few numpy arrays.
"""

import duckdb
import numpy as np
from numpy.typing import NDArray

from cinefile.similar.words import STOP_WORDS, lemma, words

# BM25's usual constants (Robertson and Zaragoza, "The probabilistic relevance framework", 2009), and how often a word
# counts that stands in one of the fields.
_K1, _B = 1.2, 0.6
_FIELDS = {
    "SELECT film_id, title AS text FROM films": 3.0,
    "SELECT film_id, title AS text FROM aliases": 2.0,
    "SELECT film_id, keyword AS text FROM keywords": 2.0,
    "SELECT DISTINCT film_id, genre AS text FROM genres": 1.0,
    "SELECT film_id, name AS text FROM credits JOIN people USING (person_id) "
    "WHERE job IN ('Director', 'Writer', 'Screenplay', 'Novel') "
    "OR (department = 'Acting' AND coalesce(position, 3) < 12)": 1.5,
    "SELECT film_id, plot AS text FROM plots": 1.0,
}
_COUNT = """
    SELECT word, film_id, sum(weight) AS weight FROM (
        SELECT film_id, weight, unnest(string_split_regex(
            regexp_replace(lower(strip_accents(text)), '[''’]', '', 'g'), '[^\\pL\\pN]+')) AS word
        FROM ({fields})
    ) WHERE word <> '' GROUP BY word, film_id
"""


class LexicalIndex:
    """Films by the words in them.

    Args:
        cursor: of the catalogue.
        film_ids: (n,) ascending ids; positions in answers are rows of it.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, film_ids: NDArray[np.int64]) -> None:
        fields = " UNION ALL ".join(f"SELECT film_id, text, {w} AS weight FROM ({q})" for q, w in _FIELDS.items())
        table = cursor.sql(_COUNT.format(fields=fields)).to_arrow_table().combine_chunks()
        spelled = table.column("word").dictionary_encode().combine_chunks()
        codes = np.asarray(spelled.indices, np.int64)
        # Words become base forms once per spelling, not once per occurrence.
        forms = [lemma(w) if w not in STOP_WORDS else "" for w in spelled.dictionary.to_pylist()]
        names, of_spelling = np.unique(np.array(forms, object), return_inverse=True)
        self._terms = {str(name): i for i, name in enumerate(names) if name}
        term = of_spelling[codes]
        row = np.searchsorted(film_ids, table.column("film_id").to_numpy())
        weight = table.column("weight").to_numpy().astype(np.float32)
        kept = names[term] != ""
        term, row, weight = term[kept], row[kept], weight[kept]
        n = len(film_ids)
        length = np.bincount(row, weights=weight, minlength=n)
        norm = _K1 * (1 - _B + _B * length / max(float(length.mean()) if n else 1.0, 1e-9))
        order = np.argsort(term, kind="stable")
        self._rows = row[order].astype(np.int32)
        self._scores = (weight * (_K1 + 1) / (weight + norm[row]))[order].astype(np.float32)
        self._starts = np.searchsorted(term[order], np.arange(len(names) + 1))
        frequency = np.diff(self._starts)
        self._rarity = np.log1p((n - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        self._n = n

    def scores(self, text: str) -> NDArray[np.float32]:
        """(n,) BM25 of every film for the words of a text; words that no film has count for nothing."""
        out = np.zeros(self._n, np.float32)
        for word in set(words(text)):
            term = self._terms.get(word)
            if term is not None:
                span = slice(self._starts[term], self._starts[term + 1])
                np.add.at(out, self._rows[span], self._scores[span] * self._rarity[term])
        return out
