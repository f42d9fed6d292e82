"""Films by title: the exact ones, those with all the words, those typed wrongly."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.search import NameIndex
from cinefile.search.name_index import fold_sql
from cinefile.titles import title_key

_NAMES = f"""
    SELECT film_id, ' ' || {fold_sql("title")} || ' ' AS name FROM (
        SELECT film_id, title, 0 AS kind FROM films
        UNION ALL SELECT film_id, original_title, 1 FROM films WHERE original_title <> title
        UNION ALL SELECT film_id, title, 1 FROM aliases
    ) ORDER BY film_id, kind
"""


@dataclass(frozen=True)
class TitleMatch:
    """A film found by title, with how: row in `facts.films`, kind of match, and similarity (1 when exact)."""

    row: int
    kind: Literal["exact", "words", "similar"]
    similarity: float


def exact_titles(facts: FilmColumns, title: str) -> list[int]:
    """Rows of the films with a title or an alias that shares its key with `title`, the most famous first.

    A film whose main title it is comes before those that bear it as an alias.
    """
    key = title_key(title)
    own = facts.films.rows_by_key.get(key, [])
    others = facts.kept("alias keys", lambda: _alias_keys(facts)).get(key, [])
    fame = film_fame(facts)
    main = sorted(own, key=lambda r: (-fame[r], r))
    return main + sorted(set(others) - set(own), key=lambda r: (-fame[r], r))


def similar_titles(facts: FilmColumns, title: str, limit: int) -> list[TitleMatch]:
    """Films found by title: exact first, then all words, then typos; in each the most alike and most famous first."""
    found = {row: TitleMatch(row, "exact", 1.0) for row in exact_titles(facts, title)}
    index, rows = facts.kept("title index", lambda: _title_index(facts))
    # A film may be met under several names: ask for more than are wanted.
    for match in index.search(title, limit * 2):
        row = int(rows[match.position])
        if row not in found:
            found[row] = TitleMatch(row, match.kind, match.similarity)
    return list(found.values())[:limit]


def film_fame(facts: FilmColumns) -> np.ndarray:
    """How well known each film is, 0 to 1: logarithm of its votes, or of TMDB's popularity where there are none."""
    return facts.kept("fame", lambda: _film_fame(facts))


def warm_titles(facts: FilmColumns) -> None:
    """Build the index before somebody waits for it."""
    facts.kept("title index", lambda: _title_index(facts))


def _film_fame(facts: FilmColumns) -> np.ndarray:
    votes = np.log1p(np.nan_to_num(facts.films.numbers("vote_count")).clip(0))
    popularity = np.log1p(np.nan_to_num(facts.films.numbers("popularity")).clip(0))
    fame = np.maximum(votes / max(votes.max(initial=0), 1), 0.5 * popularity / max(popularity.max(initial=0), 1))
    return np.asarray(fame, dtype=np.float32)


def _title_index(facts: FilmColumns) -> tuple[NameIndex, np.ndarray]:
    batch = facts.table(_NAMES)
    rows = facts.films.rows(batch.column("film_id").to_numpy(zero_copy_only=False))
    return NameIndex(batch.column("name"), film_fame(facts)[rows]), rows


def _alias_keys(facts: FilmColumns) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for film_id, key in facts.rows("SELECT DISTINCT film_id, title_key FROM aliases"):
        row = facts.films.row(film_id)
        if row is not None:
            found[key].append(row)
    return dict(found)
