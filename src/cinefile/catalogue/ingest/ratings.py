"""Ratings: streamed from the reader through one integer join into the new file, never held as a whole."""

from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from cinefile import settings
from cinefile.catalogue.catalogue_file import number
from cinefile.catalogue.ingest.workspace import Staging
from cinefile.sources.contract import Rows

# Rows of one INSERT; large enough to fill several of DuckDB's row groups (122,880 rows).
_CHUNK = 1_000_000
MOST_USERS = 2**31 - 1


@dataclass
class RatingsWriter:
    """Writes one run's ratings into `target.ratings`; later of two ratings of one film by one user wins.

    Args:
        connection: the build's database; `target` is the new file, attached.
        staging: takes the counts and the rejects.
        dataset: name of the data set, kept as the ratings' source: user ids mean something only inside it.
    """

    connection: duckdb.DuckDBPyConnection
    staging: Staging
    dataset: str
    _waiting: list[pa.RecordBatch] = field(default_factory=list)
    _ends: list[tuple[int, int]] = field(default_factory=list)  # file number, last rowid of its rows
    _file: int = -1
    _last: int = -1
    _ordered: bool = True

    def __post_init__(self) -> None:
        self.connection.execute(f"SET threads = {settings.threads()}")
        self.connection.execute("SET VARIABLE dataset = $name", {"name": self.dataset})
        self._start = self._last_rowid()
        self._had = self._number("SELECT count(*) FROM target.ratings WHERE source = getvariable('dataset')")
        self.connection.execute("""
            CREATE OR REPLACE TABLE film_of AS SELECT CAST(value AS BIGINT) AS movielens_id, film_id
            FROM external_ids WHERE kind = 'movielens'
        """)

    def add(self, rows: Rows) -> None:
        """Take a batch of ratings."""
        at = self.staging.file_number(rows.file)
        if at != self._file:
            self._end_file()
            self._file = at
        self.staging.files[at].rows_read += rows.batch.num_rows
        self._watch_order(rows.batch)
        self._waiting.append(rows.batch)
        if sum(b.num_rows for b in self._waiting) >= _CHUNK:
            self._flush()

    def finish(self) -> None:
        """Write the rest; then look for films rated twice by one user, where the order of the files allows them."""
        self._end_file()
        if self._ordered and not self._had:
            return
        self.connection.execute(
            """
            CREATE OR REPLACE TABLE twice AS
            SELECT user_id, film_id FROM target.ratings WHERE source = getvariable('dataset')
            GROUP BY ALL HAVING count(*) > 1;
            CREATE OR REPLACE TABLE losing AS
            SELECT r.rowid AS id, max(r.rowid) OVER (PARTITION BY user_id, film_id) AS newest
            FROM target.ratings r JOIN twice USING (user_id, film_id) WHERE r.source = getvariable('dataset')
            QUALIFY row_number() OVER (PARTITION BY user_id, film_id
                                       ORDER BY rated_at DESC NULLS LAST, r.rowid DESC) > 1;
            """
        )
        # A loser of an earlier run is a row of this run that was merged into it, or took its place.
        start = self._start
        for at, end in self._ends:
            lost = self._number(
                "SELECT count(*) FROM losing WHERE (CASE WHEN id > $all THEN id ELSE newest END) BETWEEN $a AND $b",
                all=self._start, a=start + 1, b=end,
            )  # fmt: skip
            self.staging.files[at].stored -= lost
            self.staging.files[at].merged += lost
            start = end
        self.connection.execute("DELETE FROM target.ratings WHERE rowid IN (SELECT id FROM losing)")

    def _watch_order(self, batch: pa.RecordBatch) -> None:
        """Files sorted by user and film cannot repeat a pair; only the others need the search for repeats."""
        if not self._ordered or batch.num_rows == 0:
            return
        users = batch.column("user_id").to_numpy(zero_copy_only=False)
        films = batch.column("movielens_id").to_numpy(zero_copy_only=False)
        pairs = (users << 32) + films
        self._ordered = bool(pairs[0] > self._last) and bool(np.all(pairs[1:] > pairs[:-1]))
        self._last = int(pairs[-1])

    def _end_file(self) -> None:
        self._flush()
        if self._file >= 0:
            self._ends.append((self._file, self._last_rowid()))

    def _flush(self) -> None:
        if not self._waiting:
            return
        chunk = pa.Table.from_batches(self._waiting)
        self._waiting = []
        self.connection.register("chunk", chunk)
        stored = self._number(
            f"""INSERT INTO target.ratings
            SELECT getvariable('dataset'), c.user_id, f.film_id, c.stars, c.rated_at
            FROM chunk c JOIN film_of f USING (movielens_id) WHERE c.user_id <= {MOST_USERS}"""
        )
        rejected = chunk.num_rows - stored
        if rejected:
            # Counted with the other rejects at the end of the run.
            self.connection.execute(
                f"""INSERT INTO s_reject
                SELECT -1, $file, line, CASE WHEN c.user_id > {MOST_USERS} THEN 'user id above {MOST_USERS}'
                    ELSE 'rating of a film that is not in the catalogue (MovieLens id ' || c.movielens_id || ')' END,
                    concat_ws(',', c.user_id, c.movielens_id, c.stars, epoch(c.rated_at)::BIGINT)
                FROM chunk c LEFT JOIN film_of f USING (movielens_id)
                WHERE f.film_id IS NULL OR c.user_id > {MOST_USERS}""",
                {"file": self._file},
            )
        self.connection.unregister("chunk")
        self.staging.files[self._file].stored += stored

    def _last_rowid(self) -> int:
        return self._number("SELECT coalesce(max(rowid), -1) FROM target.ratings")

    def _number(self, statement: str, **parameters: object) -> int:
        return number(self.connection, statement, parameters)
