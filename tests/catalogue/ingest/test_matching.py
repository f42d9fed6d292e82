"""Which records are one film, and which never are."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.catalogue.conftest import director, film, person

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest import ingest
from cinefile.catalogue.quality import check

Write = Callable[..., Path]


def ask(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with Catalogue(db) as catalogue, catalogue.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def sound(db: Path) -> None:
    with Catalogue(db) as catalogue:
        assert [f.name for f in check(catalogue) if f.broken] == []


def test_ids_join_films_and_links_bring_the_ids(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    first = movielens([(7, "American President, The (1995)", "Drama")], links=[(7, "0112346", "9087")])
    second = tmd([film(9087, "Another Name", "1995-11-17", imdb_id="tt0112346")])
    assert ingest([first, second], db).films == 1
    assert ask(db, "SELECT title, year FROM films") == [("Another Name", 1995)]
    assert ask(db, "SELECT title FROM aliases") == [("The American President",)]
    assert ask(db, "SELECT source, rule FROM merges ORDER BY 1") == [
        ("movielens", "new"),
        ("the-movies-dataset", "imdb id"),
    ]
    assert ask(db, "SELECT kind, value FROM external_ids ORDER BY 1") == [
        ("imdb", "tt0112346"),
        ("movielens", "7"),
        ("tmdb", "9087"),
    ]
    assert ask(db, "SELECT source FROM provenance WHERE field = 'title'") == [("the-movies-dataset",)]
    sound(db)


def test_links_that_come_later_join_too(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([movielens([(7, "Le Nom (1995)", "Drama")])], db)
    result = ingest([tmd([film(9087, "The Name", "1995-11-17")], links=[(7, "0112346", "9087")])], db)
    assert result.films == 1
    assert ask(db, "SELECT rule FROM merges WHERE source = 'the-movies-dataset'") == [("imdb id",)]  # the link's
    sound(db)


def test_different_ids_of_one_kind_are_never_one(tmd: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    twins = [film(1, "Twins", "2001-01-01", imdb_id="tt0000001"), film(2, "Twins", "2001-01-01", imdb_id="tt0000001")]
    assert ingest([tmd(twins)], db).films == 2
    assert ask(db, "SELECT film_id FROM external_ids WHERE kind = 'imdb'") == [(1,)]
    assert ingest([tmd([film(3, "Twins", "2001-06-01")], name="more")], db).films == 3
    sound(db)


def test_links_that_contradict_are_not_followed(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([tmd([film(5, "The Promise", "1995-01-01", imdb_id="tt0000009")])], db)
    result = ingest([movielens([(3, "Promise, The (1995)", "Drama")], links=[(3, "0000008", "5")])], db)
    assert result.films == 2
    sound(db)


def test_titles_join_across_articles_accents_and_a_year(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([movielens([(1, "Amelie (2001)", "Drama"), (2, "Usual Suspects, The (1995)", "Drama"),
                       (3, "Late One (1999)", "Drama")])], db)  # fmt: skip
    records = [film(10, "Amélie", "2001-04-25"), film(11, "the USUAL suspects", "1995-08-16"),
               film(12, "Late One", "2000-01-05")]  # fmt: skip
    assert ingest([tmd(records)], db).films == 3
    assert ask(db, "SELECT key, rule FROM merges WHERE source = 'the-movies-dataset' ORDER BY key") == [
        ("10", "title and year"),
        ("11", "title and year"),
        ("12", "title and year ±1"),
    ]
    assert ask(db, "SELECT year FROM films WHERE title = 'Late One'") == [(2000,)]
    sound(db)


def test_two_candidates_without_evidence_are_none(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([tmd([film(1, "Home", "2009-01-01"), film(2, "Home", "2009-06-01")])], db)
    assert ingest([movielens([(9, "Home (2009)", "Drama")])], db).films == 3
    sound(db)


def test_genres_in_common_are_asked_for(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([tmd([film(1, "The Bridge", "2006-01-01")])], db)
    assert ingest([movielens([(9, "Bridge, The (2006)", "Documentary")])], db).films == 2
    assert ingest([movielens([(8, "Far Away (2006)", "Drama")], name="x"), tmd([film(4, "Far Away", "2009-01-01")],
                  name="y")], db).films == 4  # fmt: skip


def test_people_decide_between_films_of_one_title(tmd: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    crews = [
        ([person(11, "Ann Lee", 0), person(12, "Bo Li", 1)], [director(13, "Cy Do")], 1),
        ([person(21, "Di Ng", 0), person(22, "Ed Ox", 1)], [director(23, "Fay Poe")], 2),
    ]
    ingest([tmd([film(1, "Hidden", "2005-01-01"), film(2, "Hidden", "2005-09-01")], crews)], db)
    wikipedia = tmp_path / "wiki"
    wikipedia.mkdir()
    page = {"title": "Hidden", "year": 2005, "cast": ["Ed Ox", "Di Ng", "Gil Roe"], "genres": ["Drama"],
            "href": "Hidden_(film)", "extract": "Hidden is a 2005 film directed by Fay Poe."}  # fmt: skip
    (wikipedia / "movies-2000s.json").write_text(json.dumps([page]), encoding="utf-8")
    result = ingest([wikipedia], db)
    assert result.films == 2
    assert ask(db, "SELECT film_id, rule FROM merges WHERE source = 'wikipedia'") == [(2, "title, year and people")]
    # Known people are not doubled; the unknown one is new, without an id.
    assert result.people == 7
    assert ask(db, "SELECT name, position FROM credits JOIN people USING (person_id) WHERE source = 'wikipedia'") == [
        ("Gil Roe", 2)
    ]
    sound(db)


def test_a_name_without_id_gets_the_id_later(tmd: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    wikipedia = tmp_path / "wiki"
    wikipedia.mkdir()
    page = {"title": "Hidden", "year": 2005, "cast": ["Ed Ox"], "genres": ["Drama"], "href": "Hidden", "extract": "X."}
    (wikipedia / "movies-2000s.json").write_text(json.dumps([page]), encoding="utf-8")
    ingest([wikipedia], db)
    assert ask(db, "SELECT tmdb_id FROM people") == [(None,)]
    result = ingest([tmd([film(1, "Hidden", "2005-01-01")], [([person(22, "Ed Ox")], [], 1)])], db)
    assert (result.films, result.people) == (1, 1)
    assert ask(db, "SELECT name, tmdb_id FROM people") == [("Ed Ox", 22)]
    sound(db)


def test_genres_follow_one_vocabulary(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([movielens([(1, "Up There (2001)", "Sci-Fi|Children|IMAX|Film-Noir")])], db)
    genres = "[{'id': 1, 'name': 'Science Fiction'}, {'id': 2, 'name': 'Family'}, {'id': 3, 'name': 'Foreign'}]"
    ingest([tmd([film(5, "Up There", "2001-01-01", genres=genres)])], db)
    assert ask(db, "SELECT source, list(genre ORDER BY genre) FROM genres GROUP BY source ORDER BY source") == [
        ("movielens", ["Family", "Film-Noir", "Sci-Fi"]),
        ("the-movies-dataset", ["Family", "Sci-Fi"]),
    ]


def test_the_preferred_source_stands(tmd: Write, movielens: Write, tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    ingest([tmd([film(5, "Up There!", "2001-01-01")])], db)
    ingest([movielens([(1, "Up There (2001)", "Drama")])], db)
    assert ask(db, "SELECT title FROM films") == [("Up There!",)]
