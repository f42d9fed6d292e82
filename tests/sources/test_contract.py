"""What every source in the registry keeps to, and the public sets read whole: every row is one row of one batch."""

from collections import Counter
from pathlib import Path

import pytest

from cinefile.sources import SOURCES, Source, recognise
from cinefile.sources.contract import FILM
from cinefile.sources.readers.cells import FilmCells
from cinefile.sources.readers.data_files import DataFile, Place

WHOLE = {
    "movielens/ml-latest-small": {"film": 9742, "link": 9742, "rating": 100_836},
    "the-movies-dataset": {"film": 2996, "credit": 99, "keyword": 46_419, "link": 45_843, "rating": 100_004},
    "tmdb-5000": {"film": 4803, "credit": 4803},
    "tmdb-api": {"film": 27_983, "reject": 14},
    "miad": {"film": 7895 + 3383},
    "imdb-genres": {"film": 2110 + 1835},
    "wikipedia-movies": {"film": 36_273},
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
def test_a_source_names_itself_and_leaves_strange_files_alone(source: Source, tmp_path: Path) -> None:
    assert source.name
    assert source.name == source.name.lower()
    assert source.title
    assert source.formats
    strange = {}
    for name, content in {
        "notes.md": b"# x",
        "ratings.csv": b"Date,Name,Rating\n",
        "empty.json": b"",
        "x.dat": b"1",
    }.items():
        (tmp_path / name).write_bytes(content)
        strange[name] = DataFile(tmp_path / name, None, len(content))
    assert source.parts(Place("strange", strange)) == []
    assert source.parts(Place("empty", {})) == []


def test_names_are_unique() -> None:
    assert len({s.name for s in SOURCES}) == len(SOURCES)


def test_the_film_tuple_follows_the_schema() -> None:
    assert list(FilmCells._fields) == FILM.names


@pytest.mark.parametrize("folder", WHOLE)
def test_the_public_sets_are_read_whole(data_folder: Path, folder: str) -> None:
    counts: Counter[str] = Counter()
    keys: list[str] = []
    for dataset in recognise(data_folder / folder):
        for rows in dataset.read():
            counts[rows.kind] += rows.batch.num_rows
            if rows.kind == "film":
                keys += rows.batch["key"].to_pylist()
    assert counts == WHOLE[folder]
    # An article of Wikipedia may stand in two lists, and The Movies Dataset repeats some ids.
    if folder not in ("wikipedia-movies", "the-movies-dataset"):
        assert len(set(keys)) == len(keys)
