import pytest

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.summaries import count_releases, month_number, weekday_number
from cinefile.errors import InputError


@pytest.mark.parametrize(
    ("month", "number"),
    [
        (1, 1),
        ("01", 1),
        ("enero", 1),
        ("ENERO", 1),
        ("January", 1),
        ("jan", 1),
        ("setiembre", 9),
        ("Sept", 9),
        ("dic", 12),
    ],
)
def test_months(month: int | str, number: int) -> None:
    assert month_number(month) == number


@pytest.mark.parametrize(
    ("weekday", "number"),
    [(1, 1), ("lunes", 1), ("Miércoles", 3), ("miercoles", 3), ("SÁBADO", 6), ("fri", 5), ("7", 7), ("domingo", 7)],
)
def test_weekdays(weekday: int | str, number: int) -> None:
    assert weekday_number(weekday) == number


@pytest.mark.parametrize("month", [0, 13, "-1", "", "mayonesa", "ma", "e" * 300, "1; DROP TABLE films", "²"])
def test_no_such_month(month: int | str) -> None:
    with pytest.raises(InputError):
        month_number(month)


def test_a_near_month_is_named() -> None:
    with pytest.raises(InputError, match="enero"):
        month_number("enebro")


def test_counts_agree_with_sql(facts: FilmColumns) -> None:
    for month in range(1, 13):
        ((films,),) = facts.rows("SELECT count(*) FROM films WHERE month(release_date) = ?", [month])
        assert count_releases(facts, month=month).films == films
    for weekday in range(1, 8):
        ((films,),) = facts.rows("SELECT count(*) FROM films WHERE isodow(release_date) = ?", [weekday])
        assert count_releases(facts, weekday=weekday).films == films


def test_month_weekday_and_year_together(facts: FilmColumns) -> None:
    # Jumanji and Heat: Friday, 15 December 1995.
    answer = count_releases(facts, month="diciembre", weekday="viernes", year=1995)
    assert (answer.films, answer.month_name, answer.weekday_name) == (2, "December", "Friday")


def test_films_without_a_full_date_are_not_counted(facts: FilmColumns) -> None:
    assert count_releases(facts, month=1).dated == 38


def test_a_year_without_films(facts: FilmColumns) -> None:
    assert count_releases(facts, month=1, year=1850).films == 0


def test_something_must_be_asked(facts: FilmColumns) -> None:
    with pytest.raises(InputError, match="when"):
        count_releases(facts)


def test_injection_is_a_name_that_does_not_exist(facts: FilmColumns) -> None:
    with pytest.raises(InputError):
        count_releases(facts, month="1 OR 1=1")
    assert facts.rows("SELECT count(*) FROM films") == [(40,)]
