"""Ingesting ratings on a cluster: cleaned, with the catalogue's film ids, each pair once, by buckets of people."""

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest.ingest import IngestResult
from cinefile.catalogue.ingest.ratings import MOST_USERS
from cinefile.catalogue.ingest.workspace import FileCount
from cinefile.errors import InputError
from cinefile.sources.contract import Rows
from cinefile.spark.rating_pieces import Piece, Reader, pieces
from cinefile.spark.rating_store import RATINGS, REJECTS, RatingStore, StoreFacts, bucket_name
from cinefile.spark.session import tasks
from cinefile.spark.shared_files import Folder
from cinefile.taste.people_blocks import block_of, blocks_for
from cinefile.taste.ratings import Ints, places

if TYPE_CHECKING:
    from pyspark import SparkContext

_BYTES = 20  # of a rating in a file, about, for the number of buckets
_FEWEST_BUCKETS = 16
_BUCKETS_A_TASK = 4  # at most, of about a million ratings each
_NO_TIME = -1
_FILMS = "SELECT CAST(value AS BIGINT) AS id, film_id FROM external_ids WHERE kind = 'movielens' ORDER BY id"


@dataclass(frozen=True)
class FilmIds:
    """The catalogue's film of each MovieLens id, ids ascending."""

    movielens: Ints
    films: Ints


# Ratings of one bucket out of one piece: the piece's number, then user, film, stars, time and whereabouts in the piece.
Chunk = tuple[int, Ints, Ints, NDArray[np.float32], Ints]


def ingest(
    context: "SparkContext", paths: Sequence[str], db: Path, store: RatingStore, buckets: int | None = None
) -> IngestResult:
    """Read ratings into a store, with the film ids of a catalogue.

    Args:
        context: the cluster.
        paths: files or folders of CSV or Parquet, by path or URI; one data set.
        db: catalogue that has the films already.
        store: to write; what was there is replaced.
        buckets: a power of two; None chooses by the files' size.

    Returns:
        What was done, as by the build of a catalogue.

    Raises:
        UnknownFormatError, InputError: no ratings there, or files that cannot be read.
        CatalogueError: no catalogue.
    """
    start = time.perf_counter()
    films, counts = _catalogue(db)
    every = pieces(paths)
    buckets = buckets or max(_FEWEST_BUCKETS, blocks_for(0, sum(_bytes(p) for p in every) // _BYTES))
    store.folder.renew()
    scratch = store.folder.at("_scratch")
    given = context.broadcast(films)
    chunks = context.parallelize(every, tasks(context, len(every))).flatMap(_Clean(given, scratch, buckets))
    # A task holds all that it writes: what it takes of memory must not grow with the ratings.
    writers = max(tasks(context, buckets), -(-buckets // _BUCKETS_A_TASK))
    found = chunks.partitionBy(writers, int).mapPartitions(_Write(store)).collect()
    read = _finish_rejects(context, every, scratch, store)
    scratch.clear()
    given.destroy()
    merged: dict[str, int] = {}
    for bucket in found:
        for number, lost in bucket["merged"].items():
            merged[every[number].file] = merged.get(every[number].file, 0) + lost
    files = []
    for name, (rows, rejected) in read.items():
        lost = merged.get(name, 0)
        files.append(FileCount("movielens", name, rows, rows - rejected - lost, lost, rejected))
    stored = sum(b["ratings"] for b in found)
    if not stored:
        raise InputError(f"No rating of {', '.join(paths)} could be used.", f"{store.rejects} says why.")
    store.finish(
        StoreFacts(
            source=_name(paths[0]),
            buckets=buckets,
            people=sum(b["people"] for b in found),
            ratings=stored,
            mean=sum(b["sum"] for b in found) / stored,
            lowest=min(b["lowest"] for b in found if b["ratings"]),
            highest=max(b["highest"] for b in found if b["ratings"]),
            written=uuid.uuid4().hex,
        )
    )
    return IngestResult(
        films=counts[0],
        people=counts[1],
        ratings=stored,
        rows_read=sum(f.rows_read for f in files),
        stored=stored,
        merged=sum(f.merged for f in files),
        rejected=sum(f.rejected for f in files),
        seconds=time.perf_counter() - start,
        files=files,
    )


def _catalogue(db: Path) -> tuple[FilmIds, tuple[int, int]]:
    with Catalogue(db) as opened, opened.cursor() as cursor:
        ids = cursor.execute(_FILMS).fetchnumpy()
        row = cursor.execute("SELECT (SELECT count(*) FROM films), (SELECT count(*) FROM people)").fetchone()
    if not len(ids["id"]):
        raise InputError(
            f"{db} has no films with MovieLens ids.", f"Ingest movies.csv first: cinefile ingest … --db {db}"
        )
    films = FilmIds(np.asarray(ids["id"], dtype=np.int64), np.asarray(ids["film_id"], dtype=np.int64))
    return films, (int(row[0]), int(row[1])) if row else (0, 0)


def _bytes(piece: Piece) -> int:
    # A row group's rows are not known here; Parquet's default holds about a million.
    return 1_000_000 * _BYTES if piece.uri.lower().endswith(".parquet") else piece.end - piece.start


def _name(path: str) -> str:
    """Name of a data set, as for the catalogue: folder or file without ending."""
    return Path(path.rstrip("/")).resolve().name.split(".")[0]


class _Clean:
    """A piece's ratings by bucket; rejects and counts go into a file of its own, so that a second try counts once."""

    def __init__(self, films: Any, scratch: Folder, buckets: int) -> None:
        self._films, self._scratch, self._buckets = films, scratch, buckets

    def __call__(self, piece: Piece) -> Iterator[tuple[int, Chunk]]:
        reader, rejects = Reader(piece), _Rejects(piece)
        batches: list[tuple[Ints, Ints, NDArray[np.float32], Ints]] = []
        count = 0
        for rows in reader.rows():
            count += rows.batch.num_rows
            if rows.kind == "reject":
                rejects.take(rows)
            else:
                batches.append(self._known(rows.batch, rejects))
        name = f"piece-{piece.number:06d}"
        if rejects.lines:
            self._scratch.write(f"{name}.parquet", lambda stream: pq.write_table(rejects.table(), stream))
        self._scratch.write_json(f"{name}.json", {"lines": reader.lines, "rows": count, "rejected": len(rejects.lines)})
        if not batches:
            return
        user, film, stars, time_ = (np.concatenate(c) for c in zip(*batches, strict=True))
        bucket = block_of(user, self._buckets)
        order = np.argsort(bucket, kind="stable")
        edges = np.searchsorted(bucket[order], np.arange(self._buckets + 1))
        for number in np.flatnonzero(np.diff(edges)):
            at = order[edges[number] : edges[number + 1]]
            yield int(number), (piece.number, user[at], film[at], stars[at], time_[at])

    def _known(self, batch: pa.RecordBatch, rejects: "_Rejects") -> tuple[Ints, Ints, NDArray[np.float32], Ints]:
        """The ratings of known films; the others are rejected, for the reasons that the catalogue's build has."""
        ids = self._films.value
        user, movie = batch.column("user_id").to_numpy(), batch.column("movielens_id").to_numpy()
        stars = batch.column("stars").to_numpy()
        seconds = pc.fill_null(batch.column("rated_at").cast(pa.int64()), _NO_TIME).to_numpy()
        at = places(movie, ids.movielens)
        good = (at >= 0) & (user <= MOST_USERS)
        for row in np.flatnonzero(~good):
            reason = f"rating of a film that is not in the catalogue (MovieLens id {movie[row]})"
            if user[row] > MOST_USERS:
                reason = f"user id above {MOST_USERS}"
            cells = [user[row], movie[row], stars[row], *([seconds[row]] if seconds[row] != _NO_TIME else [])]
            rejects.add(int(batch.column("line")[row].as_py()), reason, ",".join(str(cell) for cell in cells))
        return user[good], ids.films[at[good]], stars[good], seconds[good]


class _Rejects:
    """The rejects of one piece."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self.lines: list[int] = []
        self._rest: list[tuple[str, str]] = []

    def add(self, line: int, reason: str, raw: str) -> None:
        self.lines.append(line)
        self._rest.append((reason, raw))

    def take(self, rows: Rows) -> None:
        for row in rows.batch.to_pylist():
            self.add(row["line"], row["reason"], row["raw"])

    def table(self) -> pa.Table:
        order = np.argsort(self.lines, kind="stable").tolist()
        reasons, raws = [self._rest[n][0] for n in order], [self._rest[n][1] for n in order]
        files = [self._piece.file] * len(order)
        return pa.table([files, [self.lines[n] for n in order], reasons, raws], schema=REJECTS)


class _Write:
    """Buckets' ratings: sorted, each pair of person and film once, written."""

    def __init__(self, store: RatingStore) -> None:
        self._store = store

    def __call__(self, rows: Iterable[tuple[int, Chunk]]) -> Iterator[dict[str, Any]]:
        buckets: dict[int, list[Chunk]] = {}
        for number, chunk in rows:
            buckets.setdefault(number, []).append(chunk)
        for number in sorted(buckets):
            # In the order of the files, whatever order they came in: the later of two equally old ratings stands.
            yield self._write(number, sorted(buckets.pop(number), key=lambda c: c[0]))

    def _write(self, number: int, chunks: list[Chunk]) -> dict[str, Any]:
        user, film, stars, seconds = (np.concatenate([c[n] for c in chunks]) for n in range(1, 5))
        piece = np.repeat([c[0] for c in chunks], [len(c[1]) for c in chunks])
        order = np.lexsort((film, user))
        same = (np.diff(user[order]) == 0) & (np.diff(film[order]) == 0)
        merged: dict[int, int] = {}
        if same.any():
            order = np.lexsort((np.arange(len(user)), seconds, film, user))
            last = np.append((np.diff(user[order]) != 0) | (np.diff(film[order]) != 0), True)
            merged = dict(zip(*(a.tolist() for a in np.unique(piece[order[~last]], return_counts=True)), strict=True))
            order = order[last]
        user, film, stars, seconds = user[order], film[order], stars[order], seconds[order]
        rated_at = pa.array(seconds, mask=seconds == _NO_TIME).cast(pa.timestamp("s")).cast(pa.timestamp("ms"))
        table = pa.table([user, film, stars, rated_at], schema=RATINGS)
        self._store.ratings.write(bucket_name(number), lambda stream: pq.write_table(table, stream, compression="zstd"))
        return {
            "people": int((np.diff(user) != 0).sum()) + 1,
            "ratings": len(user),
            "sum": float(stars.sum(dtype=np.float64)),
            "lowest": float(stars.min()),
            "highest": float(stars.max()),
            "merged": merged,
        }


def _finish_rejects(
    context: "SparkContext", every: Sequence[Piece], scratch: Folder, store: RatingStore
) -> dict[str, tuple[int, int]]:
    """Give the rejects their lines in the whole file, and count; rows read and rejected of each file."""
    with ThreadPoolExecutor(16) as pool:
        counts = [c or {} for c in pool.map(scratch.read_json, [f"piece-{p.number:06d}.json" for p in every])]
    files: dict[str, tuple[int, int]] = {}
    moves: list[tuple[int, int]] = []
    line, uri = 0, ""
    for piece, count in zip(every, counts, strict=True):
        line = line if piece.uri == uri else 0
        uri = piece.uri
        rows, rejected = files.get(piece.file, (0, 0))
        files[piece.file] = rows + count["rows"], rejected + count["rejected"]
        if count["rejected"]:
            moves.append((piece.number, line if piece.line is None else 0))
        line += count["lines"]
    if moves:
        context.parallelize(moves, tasks(context, len(moves))).foreach(_Move(scratch, store))
    return files


class _Move:
    def __init__(self, scratch: Folder, store: RatingStore) -> None:
        self._scratch, self._store = scratch, store

    def __call__(self, move: tuple[int, int]) -> None:
        number, lines = move
        with self._scratch.open(f"piece-{number:06d}.parquet") as raw:
            table = pq.read_table(raw)
        moved = table.set_column(1, REJECTS.field("line"), pc.add(table["line"], lines))
        self._store.rejects.write(f"piece-{number:06d}.parquet", lambda stream: pq.write_table(moved, stream))
