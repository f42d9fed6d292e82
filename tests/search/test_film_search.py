import pytest
from tests.similar._films import WordEncoder
from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.errors import InputError
from cinefile.search import film_search
from cinefile.search.film_search import FilmSearch
from cinefile.similar import open_neighbours, train
from cinefile.similar.models import blended


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    encoder = WordEncoder()
    patch = pytest.MonkeyPatch()
    patch.setattr(train, "shipped_encoder", lambda: encoder)
    patch.setattr(blended, "open_encoder", lambda name: encoder)
    path = write_small_catalogue(tmp_path_factory.mktemp("search") / "small.duckdb")
    with Catalogue(path) as catalogue:
        facts = FilmColumns(catalogue)
        yield FilmSearch(facts, open_neighbours(catalogue, facts).similarity)
    patch.undo()


def names(films):
    return [f.title for f in films]


@pytest.mark.parametrize("wrong", [{"year_from": 2000, "year_to": 1990}, {"min_votes": -1}, {"genre": "Smell"}])
def test_filters_that_nothing_can_meet_are_refused(search, wrong):
    with pytest.raises(InputError):
        search.search("love", 5, FilmFilters(**wrong))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("blade runer", "Blade Runner"),
        ("amelie", "Amélie"),
        ("the godfater", "The Godfather"),
        ("cowboy doll threatened by a spaceman", "Toy Story"),
    ],
)
def test_search_finds_names_with_typos_and_stories(search, text, title):
    assert search.search(text, 3)[0].title == title


def test_search_by_a_misspelt_person(search):
    assert {"Pulp Fiction", "Jackie Brown", "Reservoir Dogs"} == set(names(search.search("quentin tarentino", 3)))


def test_search_filters(search):
    found = search.search("heat", 10, FilmFilters(year_from=1990))
    assert [f.year for f in found if f.title == "Heat"] == [1995]


def test_filters_choose_before_the_rankings_are_cut(search, monkeypatch):
    year = search.search("drama", 20, FilmFilters(genre="Drama"))[-1].year
    monkeypatch.setattr(film_search, "_DEPTH", 1)
    assert search.search("drama", 5, FilmFilters(genre="Drama", year_from=year, year_to=year))


def test_fusion_adds_the_weights_over_the_ranks():
    fused = film_search.fuse({"title": [7, 8], "words": [8]}, {"title": 3.0, "words": 2.0}, constant=1)
    assert fused == {7: 3 / 2, 8: 3 / 3 + 2 / 2}


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_search_refuses_nothing_and_too_much(search, text):
    with pytest.raises(InputError):
        search.search(text)


def test_words_that_no_film_has_find_nothing_by_words(search):
    assert all("words" not in f.by for f in search.search("qqqqq zzzzz"))
