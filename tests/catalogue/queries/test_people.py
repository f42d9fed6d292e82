import pytest

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.people import find_people, find_person
from cinefile.errors import InputError, NotFoundError


def person_id(facts: FilmColumns, name: str) -> int:
    (match,) = find_people(facts, name).people
    return match.person_id


def test_namesakes_are_all_listed(facts: FilmColumns) -> None:
    people = find_people(facts, "john smith").people
    assert [p.name for p in people] == ["John Smith", "John Smith"]
    assert {p.known_for for p in people} == {("Taxi Driver",), ("<script>alert(1)</script>",)}
    assert {p.match for p in people} == {"exact"}


@pytest.mark.parametrize(
    ("typed", "name", "match"),
    [
        ("Tom Hanks", "Tom Hanks", "exact"),
        ("hanks", "Tom Hanks", "words"),
        ("hanks tom", "Tom Hanks", "words"),
        ("penelope cruz", "Penélope Cruz", "exact"),
        ("almodovar", "Pedro Almodóvar", "words"),
        ("quentin tarantno", "Quentin Tarantino", "similar"),
        ("kurosawa akira", "Akira Kurosawa", "words"),
        ("toshiro mifune", "Toshirō Mifune", "exact"),
    ],
)
def test_people_are_found_as_typed(facts: FilmColumns, typed: str, name: str, match: str) -> None:
    best = find_people(facts, typed).people[0]
    assert (best.name, best.match) == (name, match)


def test_no_similar_names_where_the_words_are_found(facts: FilmColumns) -> None:
    assert "Tom Hank" not in {p.name for p in find_people(facts, "tom hanks").people}


def test_actor(facts: FilmColumns) -> None:
    acting = find_person(facts, person_id(facts, "Tom Hanks")).acting
    returns = [373.55 / 30, 497.37 / 90, 677.95 / 55, 429.63 / 90]
    assert (acting.films, acting.films_with_return) == (4, 4)
    assert acting.total_return == pytest.approx(sum(returns))
    assert acting.mean_return == pytest.approx(sum(returns) / 4)


def test_director(facts: FilmColumns) -> None:
    directing = find_person(facts, person_id(facts, "James Cameron")).directing
    assert [f.title for f in directing.films] == ["Aliens", "Titanic", "Avatar"]
    assert directing.total_budget == 455_500_000
    assert directing.total_profit == sum(f.profit or 0 for f in directing.films)
    assert directing.films[1].return_ == pytest.approx(1845.03 / 200)


def test_one_who_does_both(facts: FilmColumns) -> None:
    person = find_person(facts, person_id(facts, "Quentin Tarantino"))
    assert (person.acting.films, len(person.directing.films)) == (2, 3)


def test_a_film_played_in_twice_counts_once(facts: FilmColumns) -> None:
    assert find_person(facts, person_id(facts, "Tim Allen")).acting.films == 2


def test_unknown_money_is_not_zero(facts: FilmColumns) -> None:
    directing = find_person(facts, person_id(facts, "Pedro Almodóvar")).directing
    assert directing.films_with_return == 1
    assert directing.total_budget == 9_400_000
    fritz = find_person(facts, person_id(facts, "Fritz Lang")).directing
    assert (fritz.total_revenue, fritz.total_return, fritz.mean_return) == (None, None, None)


def test_quotes_in_names(facts: FilmColumns) -> None:
    assert find_people(facts, 'O\'Brien "Bob"; DROP TABLE films').people[0].films_as_director == 1


@pytest.mark.parametrize("bad", [-1, 0, 10**6, 2**40])
def test_no_such_person(facts: FilmColumns, bad: int) -> None:
    with pytest.raises(NotFoundError):
        find_person(facts, bad)


@pytest.mark.parametrize(
    ("name", "limit"), [("", 5), ("   ", 5), ("x" * 500, 5), ("Tom\n", 0), ("a\x07b", 5), ("Tom", 101)]
)
def test_bad_names(facts: FilmColumns, name: str, limit: int) -> None:
    with pytest.raises(InputError):
        find_people(facts, name, limit)
