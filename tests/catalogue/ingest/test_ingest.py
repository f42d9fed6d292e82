"""What a build makes of its sources: every row accounted for, values cleaned, nothing twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.conftest import director, film, person

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest import IngestResult, ingest
from cinefile.errors import InputError, UnknownFormatError

Write = Callable[..., Path]


def ask(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with Catalogue(db) as catalogue, catalogue.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def adds_up(result: IngestResult) -> None:
    for count in (result, *result.files):
        assert count.stored + count.merged + count.rejected == count.rows_read


def test_zero_means_unknown_and_figures_follow(tmd: Write, tmp_path: Path) -> None:
    folder = tmd(
        [
            film(1, "Rich", "2001-02-03", budget="100", revenue="250"),
            film(2, "Poor", "2002-02-03", budget="0", revenue="250", runtime="0.0"),
            film(3, "Unseen", "2003-02-03", vote_count="0", vote_average="0.0"),
            film(4, "Odd", "2003-02-03", vote_count="0", vote_average="9.0", vote_average_filled="x"),
        ]
    )
    db = tmp_path / "a.duckdb"
    result = ingest([folder], db)
    adds_up(result)
    rows = ask(db, 'SELECT budget, revenue, profit, "return", runtime, vote_average, vote_count FROM films ORDER BY 2')
    figures = {r[0]: r[1:] for r in ask(db, 'SELECT title, budget, revenue, profit, "return", runtime FROM films')}
    assert rows
    assert figures["Rich"] == (100, 250, 150, 2.5, 90.0)
    assert figures["Poor"] == (None, 250, None, None, None)
    votes = {r[0]: r[1:] for r in ask(db, "SELECT title, vote_average, vote_count, vote_average_filled FROM films")}
    assert votes["Unseen"] == (None, None, 6.0)
    assert votes["Odd"] == (None, None, 6.0)


def test_weighted_rating_is_imdbs_formula(tmd: Write, tmp_path: Path) -> None:
    seen = [(8.0, 1000), (6.0, 100), (4.0, 10)]
    folder = tmd(
        [film(n, f"Film {n}", "2001-01-01", vote_average=str(r), vote_count=str(v)) for n, (r, v) in enumerate(seen, 1)]
    )
    db = tmp_path / "a.duckdb"
    ingest([folder], db)
    mean = sum(r for r, _ in seen) / 3
    minimum = 100 + 0.8 * 900  # the 90th percentile of 10, 100, 1000, interpolated
    expected = [v / (v + minimum) * r + minimum / (v + minimum) * mean for r, v in seen]
    found = [row[0] for row in ask(db, "SELECT weighted_rating FROM films ORDER BY film_id")]
    assert found == pytest.approx(expected)
    assert {k: float(v) for k, v in ask(db, "SELECT * FROM meta WHERE key LIKE 'm%'")} == pytest.approx(
        {"mean_vote": mean, "minimum_votes": minimum}
    )


def test_duplicates_and_repeated_ids_are_one_film(tmd: Write, tmp_path: Path) -> None:
    twin = film(2, "Twin", "2002-01-01", vote_count="5", tagline="From the poorer row", vote_average="5.0")
    folder = tmd(
        [
            film(1, "Same", "2001-01-01"),
            film(1, "Same", "2001-01-01"),
            twin,
            film(2, "Twin", "2002-01-01", vote_count="50", vote_average="7.0"),
        ]
    )
    db = tmp_path / "a.duckdb"
    result = ingest([folder], db)
    assert (result.films, result.stored, result.merged, result.rejected) == (2, 2, 2, 0)
    assert ask(db, "SELECT vote_count, vote_average, tagline FROM films WHERE title = 'Twin'") == [
        (50, 7.0, "From the poorer row")
    ]
    rules = ask(db, "SELECT rule, count(*) FROM merges GROUP BY ALL ORDER BY ALL")
    assert rules == [("exact duplicate", 1), ("new", 2), ("repeated id", 1)]


@pytest.mark.parametrize("date", ["0000-01-01", "3000-01-01", "1700-05-05"])
def test_impossible_years_are_rejected_with_their_reason(tmd: Write, tmp_path: Path, date: str) -> None:
    folder = tmd([film(1, "Good", "2001-01-01"), film(2, "Bad", date)])
    db = tmp_path / "a.duckdb"
    result = ingest([folder], db)
    adds_up(result)
    years = ask(db, "SELECT title, year FROM films ORDER BY film_id")
    assert years[0] == ("Good", 2001)
    if result.rejected:
        ((source, file, line, reason, raw),) = ask(db, "SELECT source, file, line, reason, raw FROM rejects")
        assert (source, file) == ("the-movies-dataset", "movies_metadata.csv")
        assert line == 3
        assert reason
        assert "Bad" in raw
    else:  # no date of the calendar: the film stays, its date is unknown
        assert years[1:] == [("Bad", None)]
    assert not ask(db, "SELECT year FROM films WHERE year NOT BETWEEN 1874 AND 2100")


def test_the_same_again_changes_nothing(tmd: Write, tmp_path: Path) -> None:
    folder = tmd([film(1, "One", "2001-01-01")], [([person(5, "Ann Lee")], [director(6, "Bo Li")], 1)])
    db = tmp_path / "a.duckdb"
    first = ingest([folder], db)
    before = db.read_bytes()
    second = ingest([folder], db)
    adds_up(second)
    assert db.read_bytes() == before
    assert (second.rows_read, second.stored, second.merged) == (first.rows_read, 0, first.stored)
    assert second.unchanged == ["tmd"]
    assert (second.films, second.people) == (first.films, first.people)


def test_a_changed_folder_merges(tmd: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    credits = [([person(5, "Ann Lee")], [director(6, "Bo Li")], 1)]
    ingest([tmd([film(1, "One", "2001-01-01", revenue="7")], credits)], db)
    changed = [film(1, "One", "2001-01-01", vote_count="99"), film(2, "Two", "2002-01-01")]
    result = ingest([tmd(changed, credits)], db)
    adds_up(result)
    assert (result.films, result.people) == (2, 2)
    assert [(f.stored, f.merged) for f in result.files] == [(1, 1), (0, 1)]
    assert ask(db, "SELECT film_id, title, revenue, vote_count FROM films ORDER BY film_id") == [
        (1, "One", 7, 99),
        (2, "Two", None, 10),
    ]
    assert ask(db, "SELECT count(*) FROM credits") == [(2,)]
    assert ask(db, "SELECT count(*) FROM plots WHERE film_id = 1") == [(1,)]


def test_credits_without_a_film_are_rejected(tmd: Write, tmp_path: Path) -> None:
    folder = tmd([film(1, "One", "2001-01-01")], [([], [], 1), ([person(5, "Ann Lee")], [], 77)])
    result = ingest([folder], tmp_path / "a.duckdb")
    adds_up(result)
    assert [(f.file, f.stored, f.rejected) for f in result.files] == [
        ("movies_metadata.csv", 1, 0),
        ("credits.csv", 1, 1),
    ]
    assert ask(tmp_path / "a.duckdb", "SELECT reason FROM rejects") == [("no film with the key 77",)]


def test_a_person_is_one_across_films(tmd: Write, tmp_path: Path) -> None:
    folder = tmd(
        [film(1, "One", "2001-01-01"), film(2, "Two", "2002-01-01")],
        [
            ([person(5, "Ann Lee", 0, "A"), person(5, "Ann Lee", 1, "B")], [director(5, "Ann Lee")], 1),
            ([person(5, "Ann Lee", 3, "C"), person(8, "Ann Lee", 4, "D")], [], 2),
        ],
    )
    db = tmp_path / "a.duckdb"
    assert ingest([folder], db).people == 2
    credits = "SELECT film_id, job, character FROM credits JOIN people USING (person_id) WHERE tmdb_id = 5 ORDER BY ALL"
    assert ask(db, credits) == [(1, "Actor", "A"), (1, "Actor", "B"), (1, "Director", None), (2, "Actor", "C")]


def test_ratings_merge_later_wins_and_orphans_are_rejected(movielens: Write, tmp_path: Path) -> None:
    films = [(1, "One (2001)", "Drama"), (2, "Two (2002)", "(no genres listed)")]
    ratings = [(1, 1, 3.0, 100), (1, 2, 4.0, 100), (1, 1, 5.0, 200), (2, 1, 2.0, 50), (2, 99, 1.0, 60)]
    db = tmp_path / "a.duckdb"
    result = ingest([movielens(films, ratings)], db)
    adds_up(result)
    assert (result.ratings, result.files[-1].merged, result.files[-1].rejected) == (3, 1, 1)
    rows = ask(db, "SELECT source, user_id, film_id, stars, epoch(rated_at)::INT FROM ratings ORDER BY 2, 3")
    assert rows == [("ml-test", 1, 1, 5.0, 200), ("ml-test", 1, 2, 4.0, 100), ("ml-test", 2, 1, 2.0, 50)]
    assert ask(db, "SELECT line, raw FROM rejects") == [(6, "2,99,1.0,60")]
    assert ask(db, "SELECT genre FROM genres WHERE film_id = 2") == []


def test_ratings_given_again_in_a_changed_folder_stay_single(movielens: Write, tmp_path: Path) -> None:
    films = [(1, "One (2001)", "Drama")]
    db = tmp_path / "a.duckdb"
    ingest([movielens(films, [(1, 1, 3.0, 100), (2, 1, 4.0, 100)])], db)
    result = ingest([movielens(films, [(1, 1, 3.5, 300), (2, 1, 4.0, 100), (3, 1, 1.0, 1)])], db)
    adds_up(result)
    assert (result.files[-1].stored, result.files[-1].merged) == (1, 2)
    assert ask(db, "SELECT user_id, stars FROM ratings ORDER BY 1") == [(1, 3.5), (2, 4.0), (3, 1.0)]


def test_users_of_two_data_sets_are_different_people(movielens: Write, tmp_path: Path) -> None:
    films = [(1, "One (2001)", "Drama")]
    db = tmp_path / "a.duckdb"
    ingest([movielens(films, [(1, 1, 3.0, 100)], name="ml-a")], db)
    ingest([movielens(films, [(1, 1, 4.0, 100)], name="ml-b")], db)
    assert ask(db, "SELECT source, user_id, stars FROM ratings ORDER BY 1") == [("ml-a", 1, 3.0), ("ml-b", 1, 4.0)]


def test_a_header_in_the_middle_and_binary_rubbish(tmd: Write, tmp_path: Path) -> None:
    folder = tmd([film(1, "One", "2001-01-01")])
    path = folder / "movies_metadata.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[0] + "\n", encoding="utf-8")
    result = ingest([folder], tmp_path / "a.duckdb")
    adds_up(result)
    assert (result.films, result.rejected) == (1, 1)
    rubbish = tmp_path / "rubbish"
    rubbish.mkdir()
    (rubbish / "movies_metadata.csv").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(InputError):
        ingest([rubbish], tmp_path / "b.duckdb")
    assert not (tmp_path / "b.duckdb").exists()


def test_a_huge_cell_is_kept_or_rejected(tmd: Write, tmp_path: Path) -> None:
    folder = tmd([film(1, "One", "2001-01-01", overview="x" * 10_000_000), film(2, "Two", "2001-01-01")])
    result = ingest([folder], tmp_path / "a.duckdb")
    adds_up(result)
    assert result.rows_read == 2
    assert ask(tmp_path / "a.duckdb", "SELECT title FROM films ORDER BY ALL")[-1] == ("Two",)


def test_nothing_to_ingest(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        ingest([], tmp_path / "a.duckdb")
    with pytest.raises(UnknownFormatError):
        ingest([tmp_path], tmp_path / "a.duckdb")
    assert list(tmp_path.iterdir()) == []
