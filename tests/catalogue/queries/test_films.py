from pathlib import Path

import pytest

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.films import film_details, film_votes, warm_details
from cinefile.catalogue.queries.summaries import decade_summaries, genre_summaries
from cinefile.errors import InputError


def test_details(facts: FilmColumns) -> None:
    film = film_details(facts, "Toy Story (1995)")
    assert [g.genre for g in film.genres] == ["Animation", "Comedy", "Family"]
    assert [c.name for c in film.cast] == ["Tom Hanks", "Tim Allen"]
    assert film.cast[1].character == "Commander"
    assert [c.name for c in film.directors] == ["John Lasseter"]
    assert film.keywords == ("jealousy", "toy")
    assert film.companies == ("Pixar Animation Studios",)
    assert film.collection == "Toy Story Collection"
    assert {i.kind: i.value for i in film.external_ids} == {"imdb": "tt0114709", "tmdb": "862", "movielens": "1"}
    assert film.merges[0].rule == "imdb id"
    assert film.document()["return"] == pytest.approx(373.55 / 30)


def test_predicted_genres_carry_their_probability(facts: FilmColumns) -> None:
    (genre,) = film_details(facts, "The Dinner Guest").genres
    assert (genre.predicted, genre.probability, genre.sources) == (True, pytest.approx(0.62), ("tagger",))


def test_from_memory_and_from_disk_are_the_same(small_catalogue_file: Path) -> None:
    with Catalogue(small_catalogue_file) as one, Catalogue(small_catalogue_file) as other:
        disk, memory = FilmColumns(one), FilmColumns(other)
        warm_details(memory)
        for film_id in range(1, 41):
            assert film_details(disk, film_id) == film_details(memory, film_id)


def test_votes(facts: FilmColumns) -> None:
    enough = film_votes(facts, "Titanic (1997)", 2000)
    assert (enough.enough, enough.vote_average, enough.vote_count) == (True, 7.5, 7770)
    few = film_votes(facts, "Volver", 2000)
    assert (few.enough, few.vote_average, few.vote_count) == (False, None, 524)
    assert "2,000" in few.message
    none = film_votes(facts, "The Dinner Guest")
    assert (none.enough, none.vote_average, none.vote_count) == (False, None, 0)
    with pytest.raises(InputError):
        film_votes(facts, "Volver", -1)


def test_genre_summaries(facts: FilmColumns) -> None:
    genres = {g.genre: g for g in genre_summaries(facts).genres}
    assert (genres["Comedy"].films, genres["Comedy"].predicted_films) == (7, 1)
    assert genres["War"].total_revenue == 89_460_000 + 83_260_000 + 321_370_000


def test_decade_summaries(facts: FilmColumns) -> None:
    decades = {d.decade: d for d in decade_summaries(facts).decades}
    assert list(decades) == sorted(decades)
    assert decades[1970].films == 6
    assert decades[1970].top_genres[0] == "Drama"
    assert decades[1920].total_revenue is None
