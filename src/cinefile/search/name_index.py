"""An index of short names (titles, people) that finds them despite typos, missing accents and changed word order."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA

# Letters that Unicode does not decompose, and apostrophes, which vanish: "schindler's" is one word.
_FROM, _TO = "øðđłħıæœþß", "oddlhiaots"
_APOSTROPHES = "'’`´ʹ"
_TRANSLATE = str.maketrans(_FROM, _TO, _APOSTROPHES)
_ARTICLE = re.compile(r"^(?:the|an|a) +")
_NOT_WORD = re.compile(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]+")


def fold_letters(text: str) -> str:
    """Return a text in lower case without diacritics and apostrophes: "Amélie's" gives "amelies"."""
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).lower().translate(_TRANSLATE)
    return unicodedata.normalize("NFC", plain)


def fold_letters_sql(column: str) -> str:
    """Return an SQL expression that does to a column what `fold_letters` does to a text."""
    apostrophes = _APOSTROPHES.replace("'", "''")
    return f"translate(lower(strip_accents({column})), '{_FROM}{apostrophes}', '{_TO}')"


def fold(text: str) -> str:
    """Return a name as folded words with single spaces between them: "The  Amélie's Café!" gives "amelies cafe"."""
    return _NOT_WORD.sub(" ", _ARTICLE.sub("", fold_letters(text).strip())).strip()


def fold_sql(column: str) -> str:
    """Return an SQL expression that folds a column as `fold` does, but leaves ASCII punctuation to `NameIndex`."""
    return f"regexp_replace({fold_letters_sql(column)}, '^(the|an|a) +', '')"


def near_names(text: str, names: Sequence[str], limit: int = 3) -> list[str]:
    """Return the names most like a text, the most alike first; none where all are too unlike to be meant."""
    folded = fold(text)
    likeness = {name: _spelling_similarity(folded, fold(name)) for name in names}
    near = [name for name in names if likeness[name] >= LEAST_SIMILARITY]
    return sorted(near, key=lambda name: -likeness[name])[:limit]


Kind = Literal["words", "similar"]

_BUCKETS = 1 << 16
_CANDIDATES = 32
_WORD_CANDIDATES = 200
# The one typo threshold: a name less similar than this to what was typed is not what was meant. It and the share of the
# spelling were chosen on the validation half of benchmarks/queries.tsv.
LEAST_SIMILARITY = 0.6
_SPELLING = 0.65  # share of the edit distance in the similarity; the rest is the trigrams'
_LEAST_TRIGRAMS = 0.21  # a name that shares less is not looked at
# How much being well known counts beside being alike. With all words present, fame decides between sequels.
_FAME = {"words": 0.45, "similar": 0.12}


@dataclass(frozen=True)
class NameMatch:
    """One name found.

    Attributes:
        position: of the name in the index.
        kind: 'words' when every word of the query stands in the name (the last one may be begun only), else 'similar'.
        similarity: 0 to 1.
    """

    position: int
    kind: Kind
    similarity: float


class NameIndex:
    """Trigram index over names.

    Args:
        names: folded names (see `fold_sql`), each with one space before and after.
        fame: one figure from 0 to 1 per name, for breaking near-ties.
    """

    def __init__(self, names: pa.StringArray, fame: np.ndarray) -> None:
        n = len(names)
        self.fame = fame
        self._count = n
        offsets = np.frombuffer(names.buffers()[1], dtype=np.int32)[names.offset : names.offset + n + 1]
        letters = np.frombuffer(names.buffers()[2], dtype=np.uint8) if n else np.empty(0, np.uint8)
        letters = _BLANKED[letters[offsets[0] : offsets[-1]]] if n else letters
        self._letters, self._offsets = letters.tobytes(), (offsets - offsets[0]).tolist()
        codes = _codes(letters)
        owner = np.repeat(np.arange(n, dtype=np.int32), np.diff(offsets))[: len(codes)]
        # A trigram counts when it lies inside one name and does not span an empty word.
        inside = np.ones(len(codes), dtype=bool)
        ends = offsets[1:-1] - offsets[0]
        for step in (1, 2):
            inside[ends[ends - step < len(inside)] - step] = False
        blank = letters == 32
        inside &= ~(blank[:-1] & blank[1:])[: len(codes)] & ~(blank[:-1] & blank[1:])[1:]
        codes, owner = codes[inside], owner[inside]
        order = np.argsort(codes, kind="stable")  # 16-bit: a radix sort
        self._postings = owner[order]
        counts = np.bincount(codes, minlength=_BUCKETS)
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._weights = np.log1p(n / np.maximum(counts, 1)).astype(np.float32)
        self._norms = np.bincount(owner, weights=self._weights[codes], minlength=n)

    def search(self, query: str, limit: int = 50) -> list[NameMatch]:
        """Names most like the query: first those with all its words, then the similar ones; each best first."""
        folded = fold(query)
        if not folded or self._count == 0:
            return []
        codes = np.unique(_query_codes(folded))
        dice, shared = self._dice(codes)
        full = self._with_all_words(folded, dice, shared)
        if len(full) >= limit:
            return full[:limit]
        found = {m.position for m in full}
        return (full + [m for m in self._similar(folded, dice) if m.position not in found])[:limit]

    def _dice(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weighted Dice coefficient, and share of the query's own weight found, per name."""
        spans = [self._postings[self._starts[c] : self._starts[c + 1]] for c in codes]
        weights = np.repeat(self._weights[codes], [len(s) for s in spans])
        met = np.bincount(np.concatenate(spans), weights=weights, minlength=self._count)
        norm = float(self._weights[codes].sum())
        met = np.minimum(met, norm)  # a trigram that stands twice in a name is met twice
        return 2.0 * met / (self._norms + norm), met / norm

    def _with_all_words(self, folded: str, dice: np.ndarray, shared: np.ndarray) -> list[NameMatch]:
        # A word that is only begun lacks its closing trigram: at most two of the query's are missing then.
        words = folded.split()
        likely = np.flatnonzero(shared >= 1.0 - 2.5 / (len(folded) + 1))
        likely = _best(dice[likely] + _FAME["words"] * self.fame[likely], likely, _WORD_CANDIDATES)
        positions = likely.tolist()
        return self._ranked(
            [NameMatch(p, "words", float(dice[p])) for p in positions if _has_words(self._name(p).split(), words)]
        )

    def _similar(self, folded: str, dice: np.ndarray) -> list[NameMatch]:
        matches = []
        everyone = np.flatnonzero(dice > _LEAST_TRIGRAMS)
        best = _best(dice[everyone] + _FAME["similar"] * self.fame[everyone], everyone, _CANDIDATES)
        for position in best.tolist():
            spelling = _spelling_similarity(folded, self._name(position))
            similarity = (1 - _SPELLING) * float(dice[position]) + _SPELLING * spelling
            if similarity >= LEAST_SIMILARITY:
                matches.append(NameMatch(position, "similar", similarity))
        return self._ranked(matches)

    def _name(self, position: int) -> str:
        letters = self._letters[self._offsets[position] : self._offsets[position + 1]]
        return " ".join(letters.decode().split())

    def _ranked(self, matches: list[NameMatch]) -> list[NameMatch]:
        return sorted(matches, key=lambda m: (-m.similarity - _FAME[m.kind] * self.fame[m.position], m.position))


def _spelling_similarity(text: str, name: str) -> float:
    """Return the similarity of a text to the most similar run of as many words of a name, by edit distance.

    The optimal string alignment distance: to insert, delete, replace or swap neighbouring letters costs 1 each.
    """
    wanted, words = text.count(" ") + 1, name.split()
    runs = (" ".join(words[i : i + wanted]) for i in range(max(1, len(words) - wanted + 1)))
    return max(OSA.normalized_similarity(text, run) for run in runs)


def _best(scores: np.ndarray, positions: np.ndarray, count: int) -> np.ndarray:
    if len(positions) > count:
        top = np.argpartition(-scores, count)[:count]
        scores, positions = scores[top], positions[top]
    return positions[np.lexsort((positions, -scores))]


def _has_words(present: list[str], words: list[str]) -> bool:
    return all(w in present for w in words[:-1]) and any(p.startswith(words[-1]) for p in present)


def _blanked() -> np.ndarray:
    table = np.arange(256, dtype=np.uint8)
    for code in range(128):
        if not chr(code).isalnum():
            table[code] = 32
    return table


_BLANKED = _blanked()


def _codes(letters: np.ndarray) -> np.ndarray:
    """16-bit hash of each three neighbouring bytes."""
    wide = letters.astype(np.uint32)
    packed = wide[:-2] << np.uint32(16) | wide[1:-1] << np.uint32(8) | wide[2:]
    return ((packed * np.uint32(2654435761)) >> np.uint32(16)).astype(np.uint16)


def _query_codes(folded: str) -> np.ndarray:
    return _codes(np.frombuffer(f" {folded} ".encode(), dtype=np.uint8))
