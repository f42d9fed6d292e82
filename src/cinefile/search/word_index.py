"""An inverted index over titles, people, keywords, genres and plots, ranked by BM25."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, cached_property
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cinefile.catalogue.catalogue_file import fingerprint
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.errors import ModelError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.search import NameIndex

_WORD = re.compile(r"[^\W_]+")
STOP_WORDS = frozenset(
    """
    a about after all an and are as at be but by for from had has have he her his i in into is it its me my no not of
    off on or our out she so that the their them they this to up was we were what when where which who will with you
    your film films movie movies
    """.split()  # noqa: SIM905 - a list of so many words is harder to read
)


def fold(text: str) -> str:
    """Lower case without diacritics: "Amélie" gives "amelie"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@cache
def lemma(word: str) -> str:
    """Base form of one folded word, by the S stemmer's three rules."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")) and len(word) > 3:
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and len(word) > 3:
        return word[:-1]
    return word


def words(text: str) -> list[str]:
    """Base forms of the words of a text, stop words left out."""
    return [lemma(w) for w in _WORD.findall(fold(text.replace("'", "").replace("’", ""))) if w not in STOP_WORDS]


KIND = "words"
_WORTH_KEEPING = 500_000  # entries; a smaller index is made in well under a second
_LEAST_LETTERS, _LEAST_LIKE = 4, 0.55  # of a word taken for a misspelt one
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
    SELECT word, film_id, sum(weight)::FLOAT AS weight FROM (
        SELECT film_id, weight, unnest(string_split_regex(
            regexp_replace(lower(strip_accents(text)), '[''’]', '', 'g'), '[^\\pL\\pN]+')) AS word
        FROM ({fields})
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
        fields = " UNION ALL ".join(f"SELECT film_id, text, {w} AS weight FROM ({q})" for q, w in _FIELDS.items())
        table = cursor.sql(_COUNT.format(fields=fields)).to_arrow_table().combine_chunks()
        spelled = table.column("word").dictionary_encode().combine_chunks()
        # Words become base forms once per spelling, not once per occurrence; stop words have none.
        forms = [None if w in STOP_WORDS else lemma(w) for w in spelled.dictionary.to_pylist()]
        names = sorted({f for f in forms if f is not None})
        number = {name: i for i, name in enumerate(names)}
        of_spelling = np.array([-1 if f is None else number[f] for f in forms], np.int64)
        term = of_spelling[np.asarray(spelled.indices)] if len(forms) else np.zeros(0, np.int64)
        kept = term >= 0
        n = len(film_ids)
        row = np.searchsorted(film_ids, table.column("film_id").to_numpy()[kept])
        # Two spellings of one base form in one film are one entry.
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
        if not found or found[0].similarity < _LEAST_LIKE:
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
    # Missing, damaged or of an earlier state: it is made again.
    with suppress(ModelError):
        kept = ModelFolder(folder, kind=KIND)
        if kept.facts.get("catalogue") == now:
            return LexicalIndex(len(facts.films), kept.arrays())
    index = LexicalIndex.build(cursor, facts.films.ids)
    if len(index.arrays["rows"]) >= _WORTH_KEEPING:
        with suppress(ModelError):  # a place that cannot be written
            write_folder(folder, kind=KIND, facts={"catalogue": now, "films": len(facts.films)}, arrays=index.arrays)
    return index
