"""The filters themselves, and that `films`, `search` and `similar` treat them alike."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.errors import InputError
from cinefile.library import Library


@pytest.fixture(scope="module")
def facts(small_catalogue_file: Path) -> Iterator[FilmColumns]:
    with Catalogue(small_catalogue_file) as catalogue:
        yield FilmColumns(catalogue)


@pytest.fixture(scope="module")
def lib(small_catalogue_file: Path) -> Iterator[Library]:
    with Library(small_catalogue_file) as library:
        yield library


def by_list(lib: Library, **filters: Any) -> set[int]:
    return {film.film_id for film in lib.films(size=100, **filters).films}


def by_search(lib: Library, **filters: Any) -> set[int]:
    return {film.film_id for film in lib.search("a comedy, a drama, a thriller", 100, **filters).films}


def by_likeness(lib: Library, **filters: Any) -> set[int]:
    return {film.film_id for film in lib.similar(1, 100, **filters).films}


every_door = pytest.mark.parametrize("ask", [by_list, by_search, by_likeness])
Ask = Callable[..., set[int]]


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        (FilmFilters(year=1995), "year = 1995"),
        (FilmFilters(year_from=1990, year_to=1999), "year BETWEEN 1990 AND 1999"),
        (FilmFilters(language="ES"), "language = 'es'"),
        (FilmFilters(country="fr"), "film_id IN (SELECT film_id FROM countries WHERE code = 'FR')"),
        (FilmFilters(runtime_from=150), "runtime >= 150"),
        (FilmFilters(runtime_to=100), "runtime <= 100"),
        (FilmFilters(min_votes=5000), "vote_count >= 5000"),
        (FilmFilters(genre="science fiction"), "film_id IN (SELECT film_id FROM genres WHERE genre = 'Sci-Fi')"),
        (FilmFilters(), "TRUE"),
        (FilmFilters(genre="Drama", language="es", min_votes=400, year_from=2000),
         "film_id IN (SELECT film_id FROM genres WHERE genre = 'Drama') AND language = 'es' AND vote_count >= 400 "
         "AND year >= 2000"),
    ],
)  # fmt: skip
def test_filters_agree_with_sql(facts: FilmColumns, filters: FilmFilters, condition: str) -> None:
    expected = {film_id for (film_id,) in facts.rows(f"SELECT film_id FROM films WHERE {condition}")}
    assert set(filters.film_ids(facts)) == expected


@every_door
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"genre": "Smell"}, "There are: "),
        ({"genre": "Dramma"}, "Did you mean: Drama?"),
        ({"genre": "sci fy"}, "Did you mean: Sci-Fi?"),
        ({"year_from": 2000, "year_to": 1990}, "Swap the two."),
        ({"min_votes": -1}, ""),
        ({"language": "  "}, ""),
    ],
)
def test_filters_that_nothing_can_meet_are_refused_alike(
    lib: Library, ask: Ask, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        ask(lib, **wrong)
    assert said in (caught.value.hint or "")


@every_door
def test_case_and_spaces_of_codes_do_not_matter(lib: Library, ask: Ask) -> None:
    assert ask(lib, language=" FR ") == ask(lib, language="fr") != set()


@every_door
def test_no_votes_at_all_asks_nothing(lib: Library, ask: Ask) -> None:
    assert ask(lib, min_votes=0) == ask(lib) != set()


@pytest.mark.parametrize("ask", [by_list, by_likeness])
@pytest.mark.parametrize(("given", "meant"), [({"country": " es "}, {"country": "ES"}), ({"runtime_from": 150}, {})])
def test_countries_and_running_times(lib: Library, ask: Ask, given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert ask(lib, **given) != set()
    assert ask(lib, **given) <= ask(lib, **meant)


@pytest.mark.parametrize(
    "bad",
    [
        {"genre": "a\x00"},
        {"year": -5},
        {"min_votes": 2**70},
        {"runtime_from": 120, "runtime_to": 90},
        {"country": ""},
    ],
)
def test_bad_filters(bad: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        FilmFilters(**bad)


def test_unknown_values_find_nothing_and_are_not_remembered(facts: FilmColumns) -> None:
    before = len(facts._memo._values)
    for value in ("x1", "x2", "' OR 1=1 --"):
        assert not FilmFilters(language=value).mask(facts).any()
    assert len(facts._memo._values) <= before + 1
