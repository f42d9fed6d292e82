import pytest

from cinefile.answers import FilmPage
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.film_lists import SORT_KEYS, FilmFilters, list_films
from cinefile.errors import InputError


def titles(page: FilmPage) -> list[str]:
    return [film.title for film in page.films]


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
    page = list_films(facts, filters, size=100)
    assert {film.film_id for film in page.films} == expected
    assert page.total == len(expected)


@pytest.mark.parametrize("key", [k for k in SORT_KEYS if k != "match"])
def test_every_order_is_total_and_puts_unknown_last(facts: FilmColumns, key: str) -> None:
    for sign in ("", "-"):
        whole = titles(list_films(facts, FilmFilters(sort=sign + key), size=100))
        pages = [titles(list_films(facts, FilmFilters(sort=sign + key), page=p, size=7)) for p in range(1, 8)]
        assert [t for page in pages for t in page] == whole
    assert len(whole) == 40
    if key not in ("title", "year", "runtime", "popularity"):
        last = titles(list_films(facts, FilmFilters(sort=key), size=100))[-1]
        assert last in ("<script>alert(1)</script>", "Nosferatu", "The Dinner Guest")


def test_sorting_by_return(facts: FilmColumns) -> None:
    films = list_films(facts, FilmFilters(sort="-return"), size=5).films
    returns = [f.return_ for f in films]
    assert films[0].title == "Star Wars"
    assert returns == sorted(returns, key=lambda r: -(r or 0))


def test_title_with_filters(facts: FilmColumns) -> None:
    page = list_films(facts, FilmFilters(title="blade runer", year=2017))
    assert titles(page) == ["Blade Runner 2049"]
    assert page.match == "similar"


def test_films_of_a_person(facts: FilmColumns) -> None:
    ((person,),) = facts.rows("SELECT person_id FROM people WHERE name = 'Robert De Niro'")
    page = list_films(facts, FilmFilters(person=person, sort="release"))
    assert titles(page) == ["The Godfather: Part II", "Taxi Driver", "Casino", "Heat", "Jackie Brown"]


def test_predicted_genres_are_told_apart(facts: FilmColumns) -> None:
    (film,) = list_films(facts, FilmFilters(genre="comedy", language="fr", year_to=None), size=100).films[-1:]
    assert film.title == "The Dinner Guest"
    assert (film.genres, film.predicted_genres) == ((), ("Comedy",))


def test_a_page_beyond_the_end_is_empty(facts: FilmColumns) -> None:
    page = list_films(facts, FilmFilters(), page=1000)
    assert (page.films, page.total, page.pages) == ((), 40, 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"sort": "film_id; DROP TABLE films"},
        {"sort": "--votes"},
        {"sort": "match"},
        {"title": ""},
        {"title": "x" * 300},
        {"genre": "a\x00"},
        {"year": -5},
        {"min_votes": 2**70},
    ],
)
def test_bad_filters(bad: dict[str, object]) -> None:
    with pytest.raises(InputError):
        FilmFilters(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(("page", "size"), [(0, 10), (-1, 10), (1, 0), (1, 101), (2**40, 10)])
def test_bad_pages(facts: FilmColumns, page: int, size: int) -> None:
    with pytest.raises(InputError):
        list_films(facts, FilmFilters(), page, size)


def test_unknown_values_find_nothing_and_are_not_remembered(facts: FilmColumns) -> None:
    before = len(facts._kept)
    for value in ("x1", "x2", "' OR 1=1 --"):
        assert list_films(facts, FilmFilters(language=value)).total == 0
    assert len(facts._kept) <= before + 1
