import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tests.taste.rated_catalogue import write_rated_catalogue

import cinefile
from cinefile.errors import CatalogueError, InputError, NotFoundError
from cinefile.library import Library
from cinefile.taste import FactorModel


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


def test_sql_gives_all_rows_and_cuts_only_where_asked(small_catalogue_file: Path) -> None:
    with Library(small_catalogue_file) as library:
        many = library.sql("SELECT * FROM range(2500)")
        assert (len(many.rows), many.truncated) == (2500, False)
        some = library.sql("SELECT * FROM range(2500)", limit=10)
        assert (len(some.rows), some.truncated) == (10, True)


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A catalogue of 40 films with ratings and a rating model."""
    path = write_rated_catalogue(tmp_path_factory.mktemp("rated") / "films.duckdb")
    with duckdb.connect(str(path), read_only=True) as db:
        table = db.sql("SELECT user_id, film_id, stars FROM ratings").fetchnumpy()
    FactorModel(factors=4).fit(table["user_id"], table["film_id"], table["stars"]).save(path.with_suffix(".taste"))
    with Library(path) as library:
        yield library


def test_picks_are_as_many_as_asked_for_though_most_films_are_left_out(rated: Library) -> None:
    first, *others = [int(film_id) for film_id in rated.taste_model().film_ids]
    best = [pick.film_id for pick in rated.recommend({first: 5.0}, k=len(others))]
    picks = rated.recommend({first: 5.0}, k=5, exclude=best[:-5])
    assert [pick.film_id for pick in picks] == best[-5:]


def test_picks_pass_the_filters_of_lists(rated: Library) -> None:
    wanted = {film.film_id for film in rated.films(size=100, genre="sci-fi", decade=1990)}
    assert wanted
    picks = rated.recommend({2: 4.0}, k=40, genre="Sci-Fi", decade=1990)
    known = set(rated.taste_model().film_ids.tolist())
    assert {pick.film_id for pick in picks} == wanted & known - {2}
    with pytest.raises(InputError, match="genre"):
        rated.recommend({2: 4.0}, genre="no such genre")


def test_a_group_gets_films_that_nobody_in_it_rated(rated: Library) -> None:
    picks = rated.recommend_for_group([{1: 5.0}, {2: 4.0, 3: 1.0}], k=5, exclude=[4])
    assert len(picks) == 5
    assert not {pick.film_id for pick in picks} & {1, 2, 3, 4}
    assert all(pick.stars == pytest.approx(sum(pick.members) / 2) for pick in picks)
    with pytest.raises(InputError):
        rated.recommend_for_group([{1: 5.0}] * 6)


def test_what_to_rate_next_leaves_out_what_was_rated(rated: Library, small_catalogue_file: Path) -> None:
    first = [film.film_id for film in rated.what_to_rate_next({}, k=5)]
    assert len(first) == 5
    assert first[0] not in [film.film_id for film in rated.what_to_rate_next({first[0]: 4.0}, k=5)]
    with Library(small_catalogue_file) as bare:  # no rating model: the films with most votes
        assert [f.film_id for f in bare.what_to_rate_next({}, k=3)] == [f.film_id for f in bare.films(size=3)]


def test_an_export_is_matched_the_same_from_a_path_and_from_bytes(rated: Library, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text("title,year,stars\nToy Story,1995,5\nAlien,,4\nNo Such Film,1950,3\n", encoding="utf-8")
    by_path, by_bytes = rated.match_export(file), rated.match_export(file.read_bytes(), name="ratings.csv")
    assert [(row.line, row.how, row.film) for row in by_path] == [(row.line, row.how, row.film) for row in by_bytes]
    assert by_path.counts() == {"title and year": 1, "title alone": 1, "unmatched": 1}
    assert by_path.ratings[1] == 5.0
