"""Tasks side by side on one database."""

import duckdb
import pytest

from cinefile.catalogue.ingest.workspace import together


@pytest.mark.parametrize("threads", ["1", "2"])
def test_tasks_see_the_variables_and_all_are_done(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEFILE_THREADS", threads)
    with duckdb.connect() as connection:
        connection.execute("SET VARIABLE source = 'here'")
        queries = [f"CREATE TABLE t{n} AS SELECT getvariable('source') AS source, {n} AS n" for n in range(5)]
        together(connection, [lambda c, q=query: c.execute(q) and None for query in queries])
        found = connection.execute(" UNION ALL ".join(f"FROM t{n}" for n in range(5))).fetchall()
    assert sorted(found) == [("here", n) for n in range(5)]


def test_a_failed_task_is_told() -> None:
    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("SELECT * FROM nowhere")

    def work(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("CREATE TABLE done AS SELECT 1 AS one")

    with duckdb.connect() as connection:
        with pytest.raises(duckdb.CatalogException, match="nowhere"):
            together(connection, [fail, work])
        assert connection.execute("FROM done").fetchall() == [(1,)]
