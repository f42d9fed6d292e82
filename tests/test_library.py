import os
import shutil
from pathlib import Path

import pytest

import cinefile
from cinefile.errors import CatalogueError, InputError, NotFoundError
from cinefile.library import Library


def test_the_questions(small_catalogue_file: Path) -> None:
    with cinefile.open(str(small_catalogue_file)) as lib:
        assert lib.films(title="blade runer").films[0].title == "Blade Runner"
        assert lib.film("Toy Story (1995)").film_id == 1
        assert lib.votes("Volver").vote_count == 524
        assert len(lib.people("john smith").people) == 2
        assert lib.releases(month="mayo").month == 5
        assert lib.genres().genres
        assert lib.decades().decades
        assert lib.sql("SELECT count(*) FROM films").rows == ((40,),)
        with pytest.raises(NotFoundError):
            lib.film("Nothing of the kind")
        with pytest.raises(InputError):
            lib.films(sort="nonsense")


def test_warm_changes_no_answer(small_catalogue_file: Path) -> None:
    with Library(small_catalogue_file) as cold, Library(small_catalogue_file) as warm:
        warm.warm()
        assert warm.film(1) == cold.film(1)
        assert warm.films(title="amelie") == cold.films(title="amelie")


def test_which_catalogue_is_opened(small_catalogue_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CINEFILE_DB", raising=False)
    shutil.copy(small_catalogue_file, tmp_path / "cinefile.duckdb")
    with cinefile.open() as lib:
        assert lib.path == Path("cinefile.duckdb")
    monkeypatch.setenv("CINEFILE_DB", str(small_catalogue_file))
    with cinefile.open() as lib:
        assert lib.path == small_catalogue_file
    monkeypatch.setenv("CINEFILE_DB", str(tmp_path / "none.duckdb"))
    with pytest.raises(CatalogueError, match=r"none\.duckdb"):
        cinefile.open()


def test_a_replaced_catalogue_is_noticed(small_catalogue_file: Path, tmp_path: Path) -> None:
    path, other = tmp_path / "films.duckdb", tmp_path / "new.duckdb"
    shutil.copy(small_catalogue_file, path)
    with Library(path) as lib:
        assert not lib.replaced()
        shutil.copy(small_catalogue_file, other)
        os.replace(other, path)
        assert lib.replaced()
        assert lib.film(1).title == "Toy Story"
        path.unlink()
        assert not lib.replaced()


def test_threads_share_a_library(small_catalogue_file: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with Library(small_catalogue_file) as lib, ThreadPoolExecutor(8) as pool:
        titles = list(pool.map(lambda i: lib.film(i % 40 + 1).film_id, range(200)))
    assert titles == [i % 40 + 1 for i in range(200)]


@pytest.mark.parametrize("content", [b"", b"not a database", b"\x00" * 4096])
def test_files_that_are_no_catalogue(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "films.duckdb"
    path.write_bytes(content)
    with pytest.raises(CatalogueError):
        Library(path)


@pytest.mark.parametrize("ratings", [{}, {1: 6.0}, {1: 0.0}, {1: float("nan")}, {99999: 3.0}])
def test_ratings_that_cannot_be_used(small_catalogue_file: Path, ratings: dict[int, float]) -> None:
    with Library(small_catalogue_file) as lib, pytest.raises(InputError):
        lib.recommend(ratings)


@pytest.mark.parametrize("plots", [[""], ["  "], ["x" * 20_001], ["x"] * 257])
def test_plots_that_cannot_be_used(small_catalogue_file: Path, plots: list[str]) -> None:
    with Library(small_catalogue_file) as lib, pytest.raises(InputError):
        lib.tag(plots)


def test_lists_can_be_used_as_such(small_catalogue_file: Path) -> None:
    with Library(small_catalogue_file) as library:
        page = library.films(title="matrix")
    assert [f.title for f in page] == [f.title for f in page.films]
    assert (len(page), page[0].title) == (len(page.films), "The Matrix")
