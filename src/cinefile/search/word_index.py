"""An inverted index over titles, people, keywords, genres and plots, ranked by BM25.

Own code, because the library of the field (bm25s) knows neither weighted fields nor misspelt words, and its index is
made from lists of words in Python: docs/similar.md has the comparison.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa
import Stemmer
from numpy.typing import NDArray

from cinefile.catalogue.catalogue_file import fingerprint
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.errors import ModelError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.search.name_index import LEAST_SIMILARITY, NameIndex, fold_letters, fold_letters_sql

_WORD = re.compile(r"[^\W_]+")
STOP_WORDS = frozenset(
    """
    a about after all an and are as at be but by for from had has have he her his i in into is it its me my no not of
    off on or our out she so that the their them they this to up was we were what when where which who will with you
    your film films movie movies
    """.split()  # noqa: SIM905 - a list of so many words is harder to read
)


_STEMMER, _STEMMING = Stemmer.Stemmer("english"), threading.Lock()  # one stemmer serves one thread at a time


def stems(words: Sequence[str]) -> list[str]:
    """Return the stems of folded words, by Snowball's English stemmer."""
    with _STEMMING:
        found: list[str] = _STEMMER.stemWords(words)
    return found


def words(text: str) -> list[str]:
    """Return the stems of the words of a text, stop words left out."""
    return stems([word for word in _WORD.findall(fold_letters(text)) if word not in STOP_WORDS])


KIND = "words"
_STEMS = "snowball english"  # kept with an index, whose terms are stems
_WORTH_KEEPING = 500_000  # entries; a smaller index is made in well under a second
_LEAST_LETTERS = 4  # of a word taken for a misspelt one
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
_COUNT = f"""
    SELECT word, film_id, sum(weight)::FLOAT AS weight FROM (
        SELECT film_id, weight, unnest(string_split_regex({fold_letters_sql("text")}, '[^\\pL\\pN]+')) AS word
        FROM ({" UNION ALL ".join(f"SELECT film_id, text, {w} AS weight FROM ({q})" for q, w in _FIELDS.items())})
    ) WHERE word <> '' GROUP BY word, film_id
"""


class LexicalIndex:
    """Films by the words in them.

    Args:
        n: number of films.
        arrays: `letters` (the terms in UTF-8, one a line), `starts` (terms + 1), and by term `rows` (of films,
            ascending) with their `scores`.
    """

    def __init__(self, n: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        terms = arrays["letters"].tobytes().decode().split("\n")
        self._terms = {term: i for i, term in enumerate(terms)}
        self._starts, self._rows, self._scores = arrays["starts"], arrays["rows"], arrays["scores"]
        self._n = n

    @classmethod
    def build(cls, cursor: duckdb.DuckDBPyConnection, film_ids: NDArray[np.int64]) -> Self:
        """Read the words of a catalogue.

        Args:
            cursor: of the catalogue.
            film_ids: (n,) ascending ids; positions in answers are rows of it.
        """
        table = cursor.sql(_COUNT).to_arrow_table().combine_chunks()
        spelled = table.column("word").dictionary_encode().combine_chunks()
        # Words are stemmed once per spelling, not once per occurrence; stop words have no term.
        spellings = spelled.dictionary.to_pylist()
        forms = [None if word in STOP_WORDS else stem for word, stem in zip(spellings, stems(spellings), strict=True)]
        names = sorted({form for form in forms if form is not None})
        number = {name: i for i, name in enumerate(names)}
        of_spelling = np.array([-1 if form is None else number[form] for form in forms], np.int64)
        term = of_spelling[np.asarray(spelled.indices)] if len(forms) else np.zeros(0, np.int64)
        kept = term >= 0
        n = len(film_ids)
        row = np.searchsorted(film_ids, table.column("film_id").to_numpy()[kept])
        # Two spellings of one stem in one film are one entry.
        pairs, entry = np.unique(term[kept] * n + row, return_inverse=True)
        weight = np.bincount(entry, weights=table.column("weight").to_numpy()[kept])
        term, row = np.divmod(pairs, max(n, 1))
        length = np.bincount(row, weights=weight, minlength=n)
        norm = _K1 * (1 - _B + _B * length / max(float(length.mean()) if n else 1.0, 1e-9))
        starts = np.searchsorted(term, np.arange(len(names) + 1))
        frequency = np.diff(starts)
        rarity = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
        arrays: dict[str, NDArray[Any]] = {
            "letters": np.frombuffer("\n".join(names).encode(), np.uint8),
            "starts": starts,
            "rows": row.astype(np.int32),
            "scores": (rarity[term] * weight * (_K1 + 1) / (weight + norm[row])).astype(np.float32),
        }
        return cls(n, arrays)

    def scores(self, text: str) -> NDArray[np.float32]:
        """(n,) BM25 of every film for the words of a text; a word that none has is taken for the one most like it."""
        out = np.zeros(self._n, np.float32)
        for word in set(words(text)):
            term, likeness = (self._terms[word], 1.0) if word in self._terms else self._nearest(word)
            if likeness:
                span = slice(int(self._starts[term]), int(self._starts[term + 1]))
                out[self._rows[span]] += self._scores[span] * np.float32(likeness)
        return out

    def _nearest(self, word: str) -> tuple[int, float]:
        """The term most like a word that is none, and how much; likeness 0 where none is like it enough."""
        found = self._spellings.search(word, 1) if len(word) >= _LEAST_LETTERS else []
        if not found or found[0].similarity < LEAST_SIMILARITY:
            return 0, 0.0
        return found[0].position, found[0].similarity

    @cached_property
    def _spellings(self) -> NameIndex:
        frequency = np.log1p(np.diff(self._starts))
        return NameIndex(pa.array([f" {t} " for t in self._terms]), frequency / max(frequency.max(initial=0), 1))


def open_lexical(facts: FilmColumns) -> LexicalIndex:
    """The index of a catalogue: read from beside it, or made, and kept there where that saves time."""
    folder = facts.catalogue.path.with_suffix(".words")
    cursor = facts.cursor()
    now = fingerprint(cursor)
    # Missing, damaged, of an earlier state or of other stems: it is made again.
    with suppress(ModelError):
        kept = ModelFolder(folder, kind=KIND)
        if (kept.facts.get("catalogue"), kept.facts.get("stems")) == (now, _STEMS):
            return LexicalIndex(len(facts.films), kept.arrays())
    index = LexicalIndex.build(cursor, facts.films.ids)
    if len(index.arrays["rows"]) >= _WORTH_KEEPING:
        with suppress(ModelError):  # a place that cannot be written
            kept_facts = {"catalogue": now, "stems": _STEMS, "films": len(facts.films)}
            write_folder(folder, kind=KIND, facts=kept_facts, arrays=index.arrays)
    return index
