from typing import Any

import pytest

from cinefile.answers import FilmPage
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.catalogue.queries.film_lists import SORT_KEYS, list_films
from cinefile.errors import InputError


def titles(page: FilmPage) -> list[str]:
    return [film.title for film in page.films]


@pytest.mark.parametrize("key", [k for k in SORT_KEYS if k != "match"])
def test_every_order_is_total_and_puts_unknown_last(facts: FilmColumns, key: str) -> None:
    for sign in ("", "-"):
        whole = titles(list_films(facts, sort=sign + key, size=100))
        pages = [titles(list_films(facts, sort=sign + key, page=p, size=7)) for p in range(1, 8)]
        assert [t for page in pages for t in page] == whole
    assert len(whole) == 40
    if key not in ("title", "year", "runtime", "popularity"):
        last = titles(list_films(facts, sort=key, size=100))[-1]
        assert last in ("<script>alert(1)</script>", "Nosferatu", "The Dinner Guest")


def test_sorting_by_return(facts: FilmColumns) -> None:
    films = list_films(facts, sort="-return", size=5).films
    returns = [f.return_ for f in films]
    assert films[0].title == "Star Wars"
    assert returns == sorted(returns, key=lambda r: -(r or 0))


def test_title_with_filters(facts: FilmColumns) -> None:
    page = list_films(facts, FilmFilters(year=2017), title="blade runer")
    assert titles(page) == ["Blade Runner 2049"]
    assert page.match == "similar"


def test_films_of_a_person(facts: FilmColumns) -> None:
    ((person,),) = facts.rows("SELECT person_id FROM people WHERE name = 'Robert De Niro'")
    page = list_films(facts, FilmFilters(person=person), sort="release")
    assert titles(page) == ["The Godfather: Part II", "Taxi Driver", "Casino", "Heat", "Jackie Brown"]


def test_predicted_genres_are_told_apart(facts: FilmColumns) -> None:
    (film,) = list_films(facts, FilmFilters(genre="comedy", language="fr", year_to=None), size=100).films[-1:]
    assert film.title == "The Dinner Guest"
    assert (film.genres, film.predicted_genres) == ((), ("Comedy",))


def test_a_page_beyond_the_end_is_empty(facts: FilmColumns) -> None:
    page = list_films(facts, page=1000)
    assert (page.films, page.total, page.pages) == ((), 40, 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"sort": "film_id; DROP TABLE films"},
        {"sort": "--votes"},
        {"sort": "match"},
        {"title": ""},
        {"title": "x" * 300},
    ],
)
def test_bad_titles_and_sort_keys(facts: FilmColumns, bad: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        list_films(facts, **bad)


@pytest.mark.parametrize(("page", "size"), [(0, 10), (-1, 10), (1, 0), (1, 101), (2**40, 10)])
def test_bad_pages(facts: FilmColumns, page: int, size: int) -> None:
    with pytest.raises(InputError):
        list_films(facts, page=page, size=size)
