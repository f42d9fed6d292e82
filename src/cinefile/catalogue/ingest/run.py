"""One run: one data set's rows, from its reader to the tables of the build's database."""

from collections.abc import Iterable

import duckdb

from cinefile.catalogue.catalogue_file import number
from cinefile.catalogue.ingest import cleaning, credits, matching, values
from cinefile.catalogue.ingest.ratings import RatingsWriter
from cinefile.catalogue.ingest.workspace import FileCount, Staging, together
from cinefile.catalogue.schema import TABLES
from cinefile.progress import Progress
from cinefile.sources.contract import Rows, Source


class Run:
    """Takes a data set's rows and settles them into the tables.

    Args:
        connection: the build's database.
        source: the data set's format; its name is kept with every value.
        dataset: name of the data set, kept with its ratings.
        run_id: `runs.run_id`.
        progress: told what is being done.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: Source, dataset: str, run_id: int, progress: Progress
    ) -> None:
        self._connection, self._dataset = connection, dataset
        self._run_id, self._progress = run_id, progress
        self._staging = Staging(connection, source.name)
        self._writer: RatingsWriter | None = None
        self._cleaned = False
        # Statements refer to these as getvariable('…'): DuckDB takes parameters in one statement at a time only.
        for name, value in {"source": source.name, "run": run_id, "key_kind": source.key_kind}.items():
            connection.execute(f"SET VARIABLE {name} = $value", {"value": value})

    def take(self, batches: Iterable[Rows]) -> list[FileCount]:
        """Take all rows; films and what belongs to them come before ratings.

        Returns:
            What became of each file's rows.
        """
        for rows in batches:
            if rows.kind == "rating":
                if self._writer is None:
                    self._settle()
                    self._writer = RatingsWriter(self._connection, self._staging, self._dataset)
                self._writer.add(rows)
            else:
                if rows.kind in ("credit", "keyword"):
                    self._clean()  # now, as the reader may be busy with the file
                self._staging.add(rows)
        if self._writer is None:
            self._settle()
        else:
            self._writer.finish()
            self._staging.flush()
        self._keep_rejects()
        for file in self._staging.files:
            if file.stored + file.merged + file.rejected != file.rows_read:
                raise AssertionError(f"rows of {file} do not add up")
        return self._staging.files

    def stage(self, batches: Iterable[Rows]) -> None:
        """Take rows of all kinds but ratings, clean the films and find out their keys and ids."""
        for rows in batches:
            self._staging.add(rows)
        self._prepare()

    def match(self) -> None:
        """Decide for each incoming film which film it is: `matched`."""
        values.prepare(self._connection)
        matching.by_ids(self._connection)
        matching.by_titles(self._connection)
        matching.add_new(self._connection)

    def _prepare(self) -> None:
        self._clean()
        self._staging.flush()
        self._keep_links()
        matching.spread_links(self._connection)
        cleaning.follow_links(self._connection, "in_ids", "iid")

    def _clean(self) -> None:
        """Clean the films and find out their keys and ids, once they are all there: readers give them first."""
        if self._cleaned:
            return
        self._cleaned = True
        self._staging.flush()
        cleaning.clean(self._connection)
        cleaning.gather(self._connection)
        cleaning.index(self._connection)
        self._connection.execute("DROP TABLE s_film; DROP TABLE sames; DROP TABLE twins")

    def _settle(self) -> None:
        self._progress.begin(f"{self._dataset}: matching")
        self._prepare()
        self.match()
        con = self._connection
        matching.keep_ids(con)
        self._attach("credit", "len(people)")
        self._attach("keyword", "len(keywords)")
        self._count()
        values.join(con)
        together(con, [credits.add, values.update, values.add])
        self._keep_merges()
        self._drop_scratch()

    def _drop_scratch(self) -> None:
        """Free the memory of all tables but the catalogue's own, and the rejects, which ratings add to."""
        con = self._connection
        con.execute("DROP VIEW ours")
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory'").fetchall()
        for name in {name for (name,) in names}.difference(TABLES, ("w_films", "s_reject")):
            con.execute(f"DROP TABLE {name}")

    def _keep_links(self) -> None:
        """Links are facts of their own: kept though no film of theirs may be here yet."""
        self._connection.execute(
            """
            CREATE OR REPLACE TABLE new_links AS
            SELECT row, movielens_id FROM s_link ANTI JOIN links USING (movielens_id)
            QUALIFY row_number() OVER (PARTITION BY movielens_id ORDER BY row) = 1;
            INSERT INTO links SELECT movielens_id, imdb_id, tmdb_id, getvariable('source')
            FROM s_link SEMI JOIN new_links USING (row)
            """
        )
        self._tally("SELECT file_no, row IN (SELECT row FROM new_links) AS stored FROM s_link")

    def _attach(self, kind: str, size: str) -> None:
        """Make `f_<kind>`: the rows of credit or keyword files with their film; those without one are rejected.

        A row is stored when it is the film's first in its file and the source had not given the film such rows
        before; else it is merged.
        """
        con = self._connection
        table = {"credit": "credits", "keyword": "keywords"}[kind]
        first = "true"
        if number(con, "SELECT count(*) FROM merges WHERE source = getvariable('source')"):
            first = f"""film_id NOT IN (SELECT film_id FROM {table} WHERE source = getvariable('source'))
                AND ({size} > 0 OR s.key NOT IN (SELECT key FROM merges WHERE source = getvariable('source')))"""
        con.execute(
            f"""
            CREATE OR REPLACE TABLE key_film AS
            SELECT key, any_value(film_id) AS film_id FROM member JOIN matched USING (iid) GROUP BY key;
            INSERT INTO key_film SELECT value, film_id FROM external_ids e
            WHERE kind = getvariable('key_kind') AND value NOT IN (SELECT key FROM key_film);
            CREATE OR REPLACE TABLE f_{kind} AS
            SELECT s.row, s.file_no, f.film_id,
                row_number() OVER (PARTITION BY s.file_no, f.film_id ORDER BY s.row) = 1 AND {first} AS stored
            FROM s_{kind} s JOIN key_film f USING (key);
            CREATE OR REPLACE TABLE orphan AS SELECT row FROM s_{kind} ANTI JOIN key_film USING (key)
            """
        )
        if number(con, "SELECT count(*) FROM orphan"):
            con.execute(f"""
                INSERT INTO s_reject
                SELECT row, file_no, line, 'no film with the key ' || key, left(CAST(s AS VARCHAR), 10000)
                FROM s_{kind} s SEMI JOIN orphan USING (row)
            """)
        self._tally(f"SELECT file_no, coalesce(stored, true) AS stored FROM f_{kind}")

    def _count(self) -> None:
        self._tally("""SELECT m.file_no, m.rule IS NULL AND t.rule = 'new' AS stored
            FROM member m JOIN matched t USING (iid)""")

    def _tally(self, outcomes: str) -> None:
        counted = self._connection.execute(
            f"SELECT file_no, count(*) FILTER (stored), count(*) FILTER (NOT stored) FROM ({outcomes}) GROUP BY ALL"
        ).fetchall()
        for at, stored, merged in counted:
            self._staging.files[at].stored += stored
            self._staging.files[at].merged += merged

    def _keep_merges(self) -> None:
        self._connection.execute(
            """
            INSERT INTO merges
            SELECT t.film_id, getvariable('source'), m.key, m.title, m.year, coalesce(m.rule, t.rule),
                CASE WHEN m.rule IS NULL THEN t.confidence ELSE 1 END, getvariable('run')
            FROM member m JOIN matched t USING (iid)
            ANTI JOIN merges old ON old.source = getvariable('source') AND old.key = m.key AND old.film_id = t.film_id
                AND old.title = m.title
            ORDER BY t.film_id, m.row
            """
        )

    def _keep_rejects(self) -> None:
        con = self._connection
        for at, rejected in con.execute("SELECT file_no, count(*) FROM s_reject GROUP BY ALL").fetchall():
            self._staging.files[at].rejected += rejected
        for at, file in enumerate(self._staging.files):
            con.execute(
                """INSERT INTO rejects
                SELECT getvariable('run'), getvariable('source'), $file, line, reason, raw
                FROM s_reject WHERE file_no = $at""",
                {"file": file.file, "at": at},
            )
