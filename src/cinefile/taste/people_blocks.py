"""People in blocks, over which training loops: on this machine's threads, or on a cluster's executors."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile import settings
from cinefile.taste.checkpoint import Checkpoint, LocalFolder, fingerprint
from cinefile.taste.ratings import Ints, RatingTable, masked

_MOST_PEOPLE, _MOST_RATINGS = 8192, 1_000_000  # of a block, about
_SPREAD, _FEWEST_PEOPLE = 8, 64  # blocks that small data is cut into as well, unless they would get smaller than this


class Block(NamedTuple):
    """Some people with all their ratings.

    Attributes:
        films: (m,) places, among all films, of those that these people rated; ascending.
        stars: (n, m) CSR, float32; its columns are places in ``films``.
        held: (n, m) ratings kept from training to watch it, where there are any.
    """

    films: NDArray[np.int32]
    stars: sp.csr_matrix
    held: sp.csr_matrix | None = None

    def over(self, films: int) -> sp.csr_matrix:
        """(n, films) the same stars, with a column for every film."""
        shape = (self.stars.shape[0], films)
        return sp.csr_matrix((self.stars.data, self.films[self.stars.indices], self.stars.indptr), shape=shape)

    def apart(self, share: float, seed: int) -> "Block":
        """Hold out ``share`` of the ratings. The choice depends on row and film alone, also on a cluster."""
        if share == 0:
            return self
        row = np.repeat(np.arange(self.stars.shape[0], dtype=np.int64), np.diff(self.stars.indptr))
        number = scatter((row << 32) + self.films[self.stars.indices]) ^ scatter(np.array([seed]))
        aside = (number >> np.uint64(32)) < share * 2.0**32
        return Block(self.films, masked(self.stars, ~aside), masked(self.stars, aside))


class Sums(NamedTuple):
    """What the work on a block adds to the whole.

    Attributes:
        rows: (m, c) for the block's films.
        totals: (t,) for everything else.
    """

    rows: NDArray[np.floating]
    totals: NDArray[np.floating]


# (block, what is kept of its people, what is given to all blocks) -> sums, what to keep
State = NDArray[np.float32] | None
Work = Callable[[Block, State, Any], tuple[Sums, State]]


class Loop(Protocol):
    """Blocks of people, wherever they are.

    Attributes:
        films: number of all films.
    """

    @property
    def films(self) -> int:
        """Number of all films."""

    def sum(self, work: Work, given: Any, *, keep: bool = False) -> Sums:
        """Do some work on every block and add up, in double precision: rows (films, c), totals (t,).

        The rows come in the precision in which the work gives them.

        Args:
            work: a function at the top of a module, so that it can be sent.
            given: to every call.
            keep: whether what ``work`` returns beside its sums is handed to it the next time.
        """

    def state(self) -> dict[str, NDArray[np.float32]]:
        """What a checkpoint must hold of that which is kept; empty where it lies in files of its own."""

    def resume(self, done: int, state: Mapping[str, NDArray[np.float32]]) -> None:
        """Go on after so many passes that keep something, from ``state``."""


class RatingBlocks(Protocol):
    """The ratings of a training run, cut into blocks of people, on one machine or on a cluster."""

    @property
    def film_ids(self) -> Ints:
        """(films,) ids of all films, ascending."""

    @property
    def counts(self) -> Ints:
        """(films,) number of ratings of each."""

    @property
    def mean(self) -> float:
        """Mean of all stars."""

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest stars."""

    @property
    def people(self) -> int:
        """Number of people."""

    def loop(self, validation: float = 0.0, seed: int = 0) -> Loop:
        """The loop over the blocks, of whose ratings a share is held out; ``seed`` chooses which."""

    def sample(self, most: int) -> tuple[sp.csr_matrix, Ints]:
        """(people, films) rows of stars of at least the people whom ``sampled`` chooses, and their ids."""

    def checkpoint(self, run: Mapping[str, Any]) -> Checkpoint | None:
        """Where rounds are kept, of a run with these settings; None keeps none."""


class LocalLoop:
    """Blocks in this process's memory, a block per thread.

    Args:
        table: all ratings.
        share: of them that is held out, see ``Block.apart``.
        seed: of the choice which.
    """

    def __init__(self, table: RatingTable, share: float = 0.0, seed: int = 0) -> None:
        self.films = len(table.film_ids)
        place = block_of(table.user_ids, blocks_for(len(table.user_ids), table.stars.nnz))
        self._blocks = [block.apart(share, seed) for block in cut(table.stars, place)]
        self._kept: list[State] = [None] * len(self._blocks)

    def sum(self, work: Work, given: Any, *, keep: bool = False) -> Sums:
        """See ``Loop``."""
        total = Total(self.films)
        with ThreadPoolExecutor(settings.threads()) as pool:
            done = pool.map(lambda block, kept: work(block, kept, given), self._blocks, self._kept)
            for number, (block, (sums, state)) in enumerate(zip(self._blocks, done, strict=True)):
                total.add(block, sums)
                if keep:
                    self._kept[number] = state
        return total.sums()

    def state(self) -> dict[str, NDArray[np.float32]]:
        """See ``Loop``: what is kept of all people, a row each."""
        return {"kept": np.concatenate([state for state in self._kept if state is not None])}

    def resume(self, done: int, state: Mapping[str, NDArray[np.float32]]) -> None:
        """See ``Loop``."""
        edges = np.cumsum([block.stars.shape[0] for block in self._blocks])
        self._kept = list(np.split(state["kept"], edges[:-1]))


class LocalBlocks:
    """All ratings in this process's memory; see ``RatingBlocks``.

    Args:
        table: the ratings.
        folder: where rounds are kept; None keeps none.
    """

    def __init__(self, table: RatingTable, folder: Path | None = None) -> None:
        self._table, self._folder = table, folder
        self._checkpoint: Checkpoint | None = None
        self.film_ids, self.mean, self.people = table.film_ids, table.mean, len(table.user_ids)
        self.range = (float(table.stars.data.min()), float(table.stars.data.max()))
        self.counts = np.bincount(table.stars.indices, minlength=len(table.film_ids)).astype(np.int64)

    def loop(self, validation: float = 0.0, seed: int = 0) -> LocalLoop:
        """See ``RatingBlocks``."""
        return LocalLoop(self._table, validation, seed)

    def sample(self, most: int) -> tuple[sp.csr_matrix, Ints]:
        """See ``RatingBlocks``: everybody."""
        return self._table.stars, self._table.user_ids

    def checkpoint(self, run: Mapping[str, Any]) -> Checkpoint | None:
        """See ``RatingBlocks``."""
        if self._folder is None:
            return None
        ratings = fingerprint(self._table.user_ids, self._table.film_ids, self._table.stars)
        self._checkpoint = Checkpoint(LocalFolder(self._folder), {**run, "ratings": ratings})
        return self._checkpoint

    def clear(self) -> None:
        """Remove the rounds kept, once the run is over."""
        if self._checkpoint is not None:
            self._checkpoint.clear()


class Total:
    """Sums over blocks.

    Args:
        films: number of all films.
    """

    def __init__(self, films: int) -> None:
        self._films = films
        self.rows: NDArray[np.float64] | None = None
        self.totals: NDArray[np.float64] | None = None

    def add(self, block: Block, sums: Sums) -> None:
        """Add what one block gave."""
        if self.rows is None or self.totals is None:
            self.kind = sums.rows.dtype
            self.rows = np.zeros((self._films, sums.rows.shape[1]))
            self.totals = np.zeros(len(sums.totals))
        self.rows[block.films] += sums.rows
        self.totals += sums.totals

    def sums(self) -> Sums:
        """The result of a loop."""
        assert self.rows is not None, "a table has at least one block"
        assert self.totals is not None
        return Sums(self.rows.astype(self.kind, copy=False), self.totals)


def scatter(user_ids: Ints) -> NDArray[np.uint64]:
    """An even hash of ids: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    bits = user_ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    hashed: NDArray[np.uint64] = bits ^ (bits >> np.uint64(31))
    return hashed


def sampled(user_ids: Ints, people: int, most: int) -> NDArray[np.bool_]:
    """Choose about ``most`` of ``people``, or everybody if they are fewer. The choice depends only on the id."""
    step = -(-people // most)
    kept: NDArray[np.bool_] = scatter(user_ids) // np.uint64(1 << 32) % np.uint64(step) == 0
    return kept


def block_of(user_ids: Ints, blocks: int) -> NDArray[np.int64]:
    """The block of each person; ``blocks`` is a power of two."""
    place: NDArray[np.int64] = (scatter(user_ids) & np.uint64(blocks - 1)).astype(np.int64)
    return place


def blocks_for(people: int, ratings: int) -> int:
    """Number of blocks, a power of two, so that blocks can be grouped evenly."""
    wanted = max(people / _MOST_PEOPLE, ratings / _MOST_RATINGS, min(_SPREAD, people // _FEWEST_PEOPLE), 1)
    return 1 << int(np.ceil(np.log2(wanted)))


def cut(stars: sp.csr_matrix, place: NDArray[np.int64]) -> Iterator[Block]:
    """(people, films) rows of stars, cut into blocks in the order of their numbers; empty ones are left out."""
    order = np.argsort(place, kind="stable")
    edges = np.flatnonzero(np.diff(place[order], prepend=-1, append=place.max(initial=0) + 1))
    for first, last in pairwise(edges):
        rows = stars[order[first:last]]
        films, columns = np.unique(rows.indices, return_inverse=True)
        small = sp.csr_matrix((rows.data, columns.astype(np.int32), rows.indptr), shape=(rows.shape[0], len(films)))
        yield Block(films.astype(np.int32), small)
