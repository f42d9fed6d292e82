"""Ratings ingested on a cluster are those that one machine ingests, rejects included, however they are cut."""

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest
from tests.spark.conftest import World

from cinefile.errors import CatalogueError, InputError, UnknownFormatError
from cinefile.spark import ingest as module
from cinefile.spark.ingest import ingest
from cinefile.spark.rating_pieces import pieces
from cinefile.spark.rating_store import RatingStore

pytestmark = pytest.mark.spark
Row = tuple[Any, ...]


def rows_of(catalogue: Path, sql: str) -> Counter[Row]:
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        return Counter(connection.execute(sql).fetchall())


def stored(store: RatingStore) -> Counter[Row]:
    tables = [store.bucket(n) for n in range(store.facts().buckets)]
    return Counter(tuple(row.values()) for row in pa.concat_tables(tables).to_pylist())


def rejected(store: RatingStore) -> Counter[Row]:
    found = [pq.read_table(Path(str(store.rejects)) / name).to_pylist() for name in store.rejects.names()]
    return Counter(tuple(row.values()) for rows in found for row in rows)


@pytest.mark.parametrize(("buckets", "piece"), [(1, 1 << 20), (64, 5_000)])
def test_the_same_as_on_one_machine(
    spark: Any, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buckets: int, piece: int
) -> None:
    monkeypatch.setattr(module, "pieces", lambda paths: pieces(paths, piece))
    store = RatingStore(str(tmp_path / "store"))
    result = ingest(spark, [str(world.ratings)], world.films, store, buckets)
    assert stored(store) == rows_of(world.whole, "SELECT user_id, film_id, stars, rated_at FROM ratings")
    assert rejected(store) == rows_of(
        world.whole, "SELECT file, line, reason, raw FROM rejects WHERE file = 'ratings.csv'"
    )
    counts = rows_of(
        world.whole, "SELECT rows_read, stored, merged, rejected FROM run_files WHERE file = 'ratings.csv'"
    )
    assert Counter([(result.rows_read, result.stored, result.merged, result.rejected)]) == counts
    assert (result.merged, result.rejected) == (32, 7)
    facts = store.facts()
    assert (facts.people, facts.source) == (len({row[0] for row in stored(store)}), "ratings")
    assert sorted(p.name for p in (tmp_path / "store").iterdir()) == ["_cinefile", "ratings", "rejects", "store.json"]


def test_a_partitioned_folder_of_parquet_and_csv(spark: Any, world: World, tmp_path: Path) -> None:
    good = [line for line in world.ratings.read_text().splitlines() if line.count(",") == 3 and ",," not in line]
    good = [line for line in good if not line.startswith(("x,", "3000000000,")) and not line.endswith("000000000000")]
    parts = [good[1::3], good[2::3], good[3::3]]
    folder = tmp_path / "parts"
    for year, part in enumerate(parts):
        (folder / f"year={2000 + year}").mkdir(parents=True)
        (folder / f"year={2000 + year}" / "part-0.csv").write_text("\n".join([good[0], *part]) + "\n")
    table = csv.read_csv(folder / "year=2001" / "part-0.csv")
    (folder / "year=2001" / "part-0.csv").unlink()
    pq.write_table(table, folder / "year=2001" / "part-0.parquet", row_group_size=300)
    (folder / "_SUCCESS").write_text("")
    (folder / "movies.csv").write_text("movieId,title,genres\n1,A (1990),Drama\n")
    store = RatingStore(str(tmp_path / "store"))
    result = ingest(spark, [str(folder)], world.films, store)
    assert stored(store) == rows_of(world.whole, "SELECT user_id, film_id, stars, rated_at FROM ratings")
    assert result.rows_read == len(good) - 1
    reasons = Counter(row[2] for row in rejected(store))
    assert reasons == {
        "the rating is not between 0.5 and 5 stars": 1,
        "rating of a film that is not in the catalogue (MovieLens id 99999)": 1,
    }


def test_clear_errors(spark: Any, world: World, tmp_path: Path) -> None:
    store = RatingStore(str(tmp_path / "store"))
    with pytest.raises(InputError, match="does not exist"):
        ingest(spark, [str(tmp_path / "nothing")], world.films, store)
    with pytest.raises(UnknownFormatError, match="userId, movieId, rating"):
        ingest(spark, [str(world.folder / "ml" / "movies.csv")], world.films, store)
    with pytest.raises(CatalogueError):
        ingest(spark, [str(world.ratings)], tmp_path / "no.duckdb", store)
    with pytest.raises(InputError, match="cinefile ingest"):
        store.facts()
