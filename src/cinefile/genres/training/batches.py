"""Token batches of nearly equal length, with the random omissions that make the model sturdy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from cinefile.genres.training.labelled_films import LabelledFilm
from cinefile.text.encoder import heading


@dataclass(frozen=True)
class Omissions:
    """What is left out at random while training.

    Attributes:
        heading: share of films without their title and year, as most plots that people paste come without.
        year: share of the rest without the year.
        tokens: share of plot tokens that is dropped; stands in for dropout.
    """

    heading: float = 0.15
    year: float = 0.1
    tokens: float = 0.1


class TokenisedFilms:
    """Films as token ids; heading and plot apart, so that either can be left out.

    Args:
        films: what to tokenise.
        tokenizer: the model folder's ``tokenizer.json``.
    """

    def __init__(self, films: Sequence[LabelledFilm], tokenizer: Path) -> None:
        self._tokenizer = tokenizer
        encoder = Tokenizer.from_file(str(tokenizer))
        encoder.no_truncation()
        encoder.no_padding()
        self.start, self.end = encoder.token_to_id("[CLS]"), encoder.token_to_id("[SEP]")

        def ids(texts: list[str]) -> list[NDArray[np.int32]]:
            encoded = encoder.encode_batch(texts, add_special_tokens=False)
            return [np.array(e.ids, dtype=np.int32) for e in encoded]

        self._full = ids([heading(f.title, f.year) for f in films])
        self._no_year = ids([heading(f.title, None) for f in films])
        self._plots = ids([f.plot for f in films])

    def __len__(self) -> int:
        return len(self._plots)

    def others(self, films: Sequence[LabelledFilm]) -> "TokenisedFilms":
        """Other films by the same tokenizer."""
        return TokenisedFilms(films, self._tokenizer)

    def length(self, row: int, limit: int) -> int:
        """Number of tokens of a row, cut at `limit`."""
        return min(limit, len(self._full[row]) + len(self._plots[row]) + 2)

    def row(
        self, row: int, limit: int, omit: Omissions | None = None, rng: np.random.Generator | None = None
    ) -> NDArray[np.int32]:
        """Token ids of one film, at most `limit`; with omissions when a generator is given."""
        head, plot = self._full[row], self._plots[row]
        if omit is not None and rng is not None:
            chance = rng.random()
            if chance < omit.heading:
                head = head[:0]
            elif chance < omit.heading + (1 - omit.heading) * omit.year:
                head = self._no_year[row]
            if len(plot) > 10:
                plot = plot[rng.random(len(plot)) >= omit.tokens]
        body = np.concatenate([head, plot])[: limit - 2]
        return np.concatenate([[self.start], body, [self.end]]).astype(np.int32)


def pad(rows: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of unequal length as (ids, mask), both (rows, longest), the longest rounded up to a multiple of 16.

    PyTorch keeps prepared kernels and memory for every shape it meets: with every length let in, a run
    grows to 7 GB.
    """
    longest = -(-max(len(r) for r in rows) // 16) * 16
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask


def batches(
    lengths: NDArray[np.int64], films: int, tokens: int, rng: np.random.Generator | None = None
) -> Iterator[NDArray[np.int64]]:
    """Row numbers batch by batch, rows of like length together.

    Args:
        lengths: tokens per row.
        films: most rows in a batch.
        tokens: most rows x longest in a batch.
        rng: shuffles rows and batches; None keeps them sorted by length.
    """
    keys = lengths if rng is None else lengths * rng.uniform(0.9, 1.1, len(lengths))
    order, found = np.argsort(-keys, kind="stable"), []
    start = 0
    while start < len(order):
        longest = int(lengths[order[start : start + films]].max())
        stop = start + max(1, min(films, tokens // longest))
        found.append(order[start:stop])
        start = stop
    if rng is not None:
        found = [found[i] for i in rng.permutation(len(found))]
    yield from found
