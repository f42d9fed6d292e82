import pytest

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.films import find_film
from cinefile.errors import InputError, NotFoundError
from cinefile.search.film_titles import similar_titles


def first(facts: FilmColumns, text: str) -> str:
    matches = similar_titles(facts, text, 5)
    return str(facts.films.values("title", [matches[0].row])[0]) if matches else ""


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("blade runer", "Blade Runner"),
        ("bladerunner", "Blade Runner"),
        ("runner blade", "Blade Runner"),
        ("amelie", "Amélie"),
        ("AMÉLIE", "Amélie"),
        ("fabuleux destin", "Amélie"),
        ("godfather teh", "The Godfather"),
        ("the godfather", "The Godfather"),
        ("godfather part 2", "The Godfather: Part II"),
        ("aleins", "Aliens"),
        ("alien", "Alien"),
        ("schindlers list", "Schindler's List"),
        ("matrx", "The Matrix"),
        ("toy sto", "Toy Story"),
        ("cite des enfants perdus", "The City of Lost Children"),
        ("七人の侍", "Seven Samurai"),
        ("taxista", "Taxi Driver"),
        ("heat", "Heat"),
    ],
)
def test_titles_are_found_as_typed(facts: FilmColumns, typed: str, title: str) -> None:
    assert first(facts, typed) == title


def test_the_famous_one_of_two_comes_first(facts: FilmColumns) -> None:
    matches = similar_titles(facts, "heat", 2)
    assert facts.films.values("year", [m.row for m in matches]) == [1995, 1986]
    assert [m.kind for m in matches] == ["exact", "exact"]


@pytest.mark.parametrize("typed", ["xqzzkw", "%", "' OR 1=1 --", "zzzzzzzzzzzzzzzzzzzzzzzz"])
def test_nonsense_finds_nothing(facts: FilmColumns, typed: str) -> None:
    assert similar_titles(facts, typed, 5) == []


@pytest.mark.parametrize("film", [1, "1", "Toy Story (1995)", "toy story", "Toy Story (1996)"])
def test_one_film(facts: FilmColumns, film: int | str) -> None:
    assert find_film(facts, film) == 0


def test_ambiguous_titles_are_listed_and_not_guessed(facts: FilmColumns) -> None:
    with pytest.raises(InputError, match=r"Heat \(1995\), Heat \(1986\)"):
        find_film(facts, "Heat")


def test_unknown_titles_name_the_near_ones(facts: FilmColumns) -> None:
    with pytest.raises(NotFoundError, match=r"Blade Runner \(1982\)"):
        find_film(facts, "Blade Runer (1982)")


@pytest.mark.parametrize("film", [-1, 0, 41, 2**40, "99999999999999999999", "²", "", "a\x00b", "\ud800", "x" * 201])
def test_bad_films(facts: FilmColumns, film: int | str) -> None:
    with pytest.raises(InputError):
        find_film(facts, film)
