"""Columns of a catalogue's films in memory, loaded on first use, so that queries need no table scan."""

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from cinefile.catalogue.catalogue_file import Catalogue

# Every column of a film that the read side knows -> what it is in the table `films`.
FILM_COLUMNS = {
    "film_id": "film_id",
    "title": "title",
    "title_key": "title_key",
    "original_title": "original_title",
    "year": "year",
    "release_date": "release_date",
    "release_day": "date_diff('day', DATE '1970-01-01', release_date)",
    "runtime": "runtime",
    "language": "language",
    "status": "status",
    "tagline": "tagline",
    "adult": "adult",
    "budget": "budget",
    "revenue": "revenue",
    "profit": "profit",
    "return_": '"return"',
    "popularity": "popularity",
    "vote_average": "vote_average",
    "vote_count": "vote_count",
    "score": "weighted_rating",
    "collection_id": "collection_id",
}
_FILMS = f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in FILM_COLUMNS.items())} FROM films ORDER BY film_id"
# A film whose genres are predicted from several sources is listed once.
_GENRES = "SELECT film_id, genre, bool_and(predicted) AS predicted FROM genres GROUP BY ALL ORDER BY film_id, genre"
_PEOPLE = "SELECT person_id, name, name_key, gender, tmdb_id FROM people ORDER BY person_id"
_CREDITS = """
    SELECT person_id, film_id, department <> 'Acting' AS directing FROM credits
    WHERE department = 'Acting' OR job = 'Director' ORDER BY person_id
"""


T = TypeVar("T")


class Memo:
    """Keeps values under keys. Threads wait for the value that they ask for, not for others that are being made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making: dict[object, threading.RLock] = {}
        self._values: dict[object, Any] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The value of a key, made when it is first asked for; an error while making it is raised and not kept."""
        if key not in self._values:
            with self._lock:
                making = self._making.setdefault(key, threading.RLock())
            with making:
                if key not in self._values:
                    self._values[key] = make()
        value: T = self._values[key]
        return value

    def peek(self, key: object) -> Any:
        """The value of a key if it has been made, else None."""
        return self._values.get(key)

    def clear(self) -> None:
        """Forget all values."""
        self._values.clear()


class FilmColumns:
    """Columns of one catalogue, each loaded when first asked for. Threads may share it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._local = threading.local()
        self._memo = Memo()

    def kept(self, key: object, make: Callable[[], T]) -> T:
        """A value worked out from the columns once per catalogue, which never changes while it is open.

        Models are none of these: they are kept by the library.
        """
        return self._memo.get(key, make)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """The calling thread's cursor, kept for its next question."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self.catalogue.cursor()
        return cursor

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.cursor().execute(sql, list(parameters)).fetchall()

    def table(self, sql: str) -> pa.RecordBatch:
        """All rows of a query as one Arrow batch."""
        return _one_batch(self.cursor().sql(sql).to_arrow_table())

    def of_film(self, table: str, columns: str, film_id: int) -> list[tuple[Any, ...]]:
        """Rows of a table that belong to a film: from memory once `hold` has put the table there, else by SQL.

        Args:
            table: a table with a column film_id.
            columns: as in a SELECT; always the same ones for the same table.
            film_id: of the film.
        """
        held: Owned | None = self._memo.peek(("held", table))
        row = self.films.row(film_id) if held is not None else None
        if held is None or row is None:
            return self.rows(f"SELECT {columns} FROM {table} WHERE film_id = ?", [film_id])
        return held.rows(row)

    def hold(self, table: str, columns: str) -> None:
        """Load a table into memory for `of_film`: worth it for many films, not for one."""
        sql = f"SELECT {columns}, film_id FROM {table} ORDER BY film_id"
        self.kept(("held", table), lambda: Owned(_narrow(self.table(sql)), "film_id", self.films))

    @cached_property
    def films(self) -> "Columns":
        """One row per film, by film_id."""
        return Columns(self.table(_FILMS), "film_id")

    @cached_property
    def people(self) -> "Columns":
        """One row per person, by person_id."""
        return Columns(self.table(_PEOPLE), "person_id")

    @cached_property
    def genres(self) -> "Owned":
        """Genres by film row."""
        return Owned(self.table(_GENRES), "film_id", self.films)

    @cached_property
    def credits(self) -> "Owned":
        """Acting and directing by person row."""
        return Owned(self.table(_CREDITS), "person_id", self.people)


class Columns:
    """Rows with a unique integer id, sorted by it."""

    def __init__(self, batch: pa.RecordBatch, key: str) -> None:
        self.batch = batch
        self.ids: np.ndarray = batch.column(key).to_numpy(zero_copy_only=False)
        self._numbers: dict[str, np.ndarray] = {}
        self._selections: dict[tuple[str, ...], pa.RecordBatch] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def numbers(self, name: str) -> np.ndarray:
        """A numeric column as float64, NaN where unknown."""
        if name not in self._numbers:
            column = self.batch.column(name).cast(pa.float64())
            self._numbers[name] = column.to_numpy(zero_copy_only=False)
        return self._numbers[name]

    def row(self, identifier: int) -> int | None:
        """Row of an id, None when there is none."""
        row = int(np.searchsorted(self.ids, identifier))
        return row if row < len(self.ids) and self.ids[row] == identifier else None

    def rows(self, identifiers: np.ndarray) -> np.ndarray:
        """Rows of ids that are all there."""
        return np.searchsorted(self.ids, identifiers)

    def values(self, name: str, rows: Sequence[int] | np.ndarray) -> list[Any]:
        """Values of a column at some rows."""
        values: list[Any] = self.batch.column(name).take(pa.array(rows, pa.int64())).to_pylist()
        return values

    def records(self, names: tuple[str, ...], rows: Sequence[int] | np.ndarray) -> list[tuple[Any, ...]]:
        """Some columns of some rows, as tuples."""
        if names not in self._selections:
            self._selections[names] = self.batch.select(list(names))
        taken = self._selections[names].take(pa.array(rows, pa.int64()))
        return list(zip(*(column.to_pylist() for column in taken.columns), strict=True))

    @cached_property
    def rows_by_key(self) -> dict[str, list[int]]:
        """Rows that share a matching key (`title_key` or `name_key`)."""
        name = "title_key" if "title_key" in self.batch.schema.names else "name_key"
        found: dict[str, list[int]] = {}
        for row, key in enumerate(self.batch.column(name).to_pylist()):
            found.setdefault(key, []).append(row)
        return found


class Owned:
    """Rows that belong to rows of another table, sorted by owner: those of one owner are a slice."""

    def __init__(self, batch: pa.RecordBatch, key: str, owners: Columns) -> None:
        ids = batch.column(key).to_numpy(zero_copy_only=False)
        self.batch = batch
        self.owner: np.ndarray = np.searchsorted(owners.ids, ids).astype(np.int32)
        self.starts: np.ndarray = np.searchsorted(ids, owners.ids)
        self.ends: np.ndarray = np.searchsorted(ids, owners.ids, side="right")
        self._arrays: dict[str, np.ndarray] = {}

    def array(self, name: str) -> np.ndarray:
        """A column without unknowns as an array."""
        if name not in self._arrays:
            self._arrays[name] = self.batch.column(name).to_numpy(zero_copy_only=False)
        return self._arrays[name]

    def rows(self, owner: int) -> list[tuple[Any, ...]]:
        """Rows of one owner, all columns but the last (the owner's id)."""
        place = self.of(owner)
        columns = [c[place].to_pylist() for c in self.batch.columns[:-1]]
        return list(zip(*columns, strict=True))

    def of(self, owner: int) -> slice:
        """Where the rows of one owner stand."""
        return slice(int(self.starts[owner]), int(self.ends[owner]))


def _narrow(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns of few different texts as numbers into a list of them: a fifth of the memory."""
    columns = []
    for column in batch.columns:
        encoded = column.dictionary_encode() if column.type == pa.string() else column
        small = encoded is not column and len(encoded.dictionary) * 4 < len(column)
        columns.append(encoded if small else column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    combined = table.combine_chunks().to_batches()
    if combined:
        return combined[0]
    return pa.RecordBatch.from_arrays([pa.array([], f.type) for f in table.schema], schema=table.schema)
