import os

import numpy as np
import pytest
from tests.similar._films import WordEncoder
from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.errors import InputError, NotFoundError
from cinefile.search import film_search
from cinefile.similar import SimilarOptions, open_neighbours, train
from cinefile.similar.models import blended
from cinefile.similar.reasons import Reasons


@pytest.fixture(scope="module")
def lib(tmp_path_factory):
    encoder = WordEncoder()
    patch = pytest.MonkeyPatch()
    for module in (blended, train):
        patch.setattr(module, "shipped_encoder", lambda: encoder)
    patch.setattr(film_search, "open_encoder", lambda name: encoder)
    path = write_small_catalogue(tmp_path_factory.mktemp("similar") / "small.duckdb")
    with Catalogue(path) as catalogue:
        yield open_neighbours(catalogue)
    patch.undo()


def names(films):
    return [f.title for f in films]


def test_the_sequel_comes_first_and_the_film_itself_never(lib):
    found = lib.similar(1, k=5)
    assert found[0].title == "Toy Story 2"
    assert 1 not in [f.film_id for f in found]
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert all(0 <= f.score <= 1 for f in found)


def test_reasons_name_what_is_shared(lib):
    reasons = lib.similar(1, k=1, reasons=True)[0].reasons
    assert reasons.people[0] == "John Lasseter (Director)"
    assert {"Tom Hanks", "Tim Allen"} <= set(reasons.people)
    assert reasons.genres == ["Animation", "Comedy", "Family"]
    assert reasons.collection == "Toy Story Collection"
    assert "same series: Toy Story Collection" in reasons.text()


def test_franchise_out_and_only(lib):
    assert "Toy Story 2" not in names(lib.similar(1, 38, SimilarOptions(franchise="out")))
    assert names(lib.similar(1, 10, SimilarOptions(franchise="only"))) == ["Toy Story 2"]


def test_filters_hold_for_every_answer(lib):
    filters = FilmFilters(year_from=1990, year_to=1999, genre="drama", language="en", min_votes=1000)
    found = lib.similar(9, 10, SimilarOptions(filters=filters))
    assert found
    for film in found:
        row = lib.facts.films.row(film.film_id)
        assert 1990 <= film.year <= 1999
        assert lib.facts.films.numbers("vote_count")[row] >= 1000


def test_genres_are_known_by_any_usual_name(lib):
    spellings = [
        names(lib.similar(1, 5, SimilarOptions(filters=FilmFilters(genre=g)))) for g in ("Sci-Fi", "science fiction")
    ]
    assert spellings[0] == spellings[1] != []


@pytest.mark.parametrize("wrong", [{"year_from": 2000, "year_to": 1990}, {"min_votes": -1}, {"genre": "Smell"}])
def test_filters_that_nothing_can_meet_are_refused(lib, wrong):
    with pytest.raises(InputError):
        lib.search("love", 5, FilmFilters(**wrong))


def test_unknown_years_do_not_pass_a_filter_on_years(lib):
    assert "The Dinner Guest" not in names(lib.similar(1, 40, SimilarOptions(filters=FilmFilters(year_from=1800))))


def test_the_dial_moves_towards_the_famous_and_the_obscure(lib):
    votes = lib.facts.films.numbers("vote_count")

    def middle(fame):
        return np.nanmedian(
            [votes[lib.facts.films.row(f.film_id)] for f in lib.similar(9, 8, SimilarOptions(fame=fame))]
        )

    assert middle(1.0) > middle(-1.0)  # fmt: skip


def test_diversity_makes_the_answers_less_alike(lib):
    def alike(diversity):
        rows = np.array(
            [lib.facts.films.row(f.film_id) for f in lib.similar(4, 6, SimilarOptions(diversity=diversity))]
        )
        return lib.scorer.pairwise(rows)[~np.eye(len(rows), dtype=bool)].mean()

    assert alike(0.7) < alike(0.0)  # fmt: skip


@pytest.mark.parametrize(
    "options", [SimilarOptions(fame=2), SimilarOptions(diversity=-1), SimilarOptions(weights={"smell": 1})]
)
def test_options_out_of_range_are_refused(lib, options):
    with pytest.raises(InputError):
        lib.similar(1, 5, options)


def test_no_such_film_and_no_such_k(lib):
    with pytest.raises(NotFoundError):
        lib.similar(999)
    with pytest.raises(InputError):
        lib.similar(1, 0)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("blade runer", "Blade Runner"),
        ("amelie", "Amélie"),
        ("the godfater", "The Godfather"),
        ("cowboy doll threatened by a spaceman", "Toy Story"),
    ],
)
def test_search_finds_names_with_typos_and_stories(lib, text, title):
    assert lib.search(text, 3)[0].title == title


def test_search_by_a_misspelt_person(lib):
    assert {"Pulp Fiction", "Jackie Brown", "Reservoir Dogs"} == set(names(lib.search("quentin tarentino", 3)))


def test_search_filters(lib):
    found = lib.search("heat", 10, FilmFilters(year_from=1990))
    assert [f.year for f in found if f.title == "Heat"] == [1995]


def test_filters_choose_before_the_rankings_are_cut(lib, monkeypatch):
    year = lib.search("drama", 20, FilmFilters(genre="Drama"))[-1].year
    monkeypatch.setattr(film_search, "_DEPTH", 1)
    assert lib.search("drama", 5, FilmFilters(genre="Drama", year_from=year, year_to=year))


def test_fusion_adds_the_weights_over_the_ranks():
    fused = film_search.fuse({"title": [7, 8], "words": [8]}, {"title": 3.0, "words": 2.0}, constant=1)
    assert fused == {7: 3 / 2, 8: 3 / 3 + 2 / 2}


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_search_refuses_nothing_and_too_much(lib, text):
    with pytest.raises(InputError):
        lib.search(text)


def test_words_that_no_film_has_find_nothing_by_words(lib):
    assert all("words" not in f.by for f in lib.search("qqqqq zzzzz"))


@pytest.fixture
def indexed(tmp_path, monkeypatch):
    """A small catalogue whose vectors were made once, and the encoder that made them."""
    encoder = WordEncoder()
    monkeypatch.setattr(train, "shipped_encoder", lambda: encoder)
    path = write_small_catalogue(tmp_path / "small.duckdb")
    with Catalogue(path) as catalogue:
        open_neighbours(catalogue)
    return path, encoder


def test_vectors_stay_beside_the_catalogue_and_follow_it(tmp_path, indexed):
    import duckdb

    path, encoder = indexed
    folder = tmp_path / "small.similar"
    assert encoder.encoded == 1  # one film of the catalogue has a plot
    stamp = os.stat(folder).st_mtime_ns
    with Catalogue(path) as catalogue:
        open_neighbours(catalogue)
    assert os.stat(folder).st_mtime_ns == stamp  # nothing was added: nothing is made again
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO films (film_id, title, title_key, year) VALUES (77, 'Toys Again', 'toysagain', 2001)"
        )
        connection.execute("INSERT INTO plots VALUES (77, 'new', 'A cowboy doll meets a spaceman toy.')")
        connection.execute("INSERT INTO genres VALUES (77, 'Animation', 'new', FALSE, NULL)")
    with Catalogue(path) as catalogue:
        assert set(names(open_neighbours(catalogue).similar(77, 2))) == {"Toy Story", "Toy Story 2"}
    assert encoder.encoded == 2  # the new plot alone


def test_what_is_ingested_about_known_films_reaches_their_vectors(indexed):
    import duckdb

    path, encoder = indexed
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO plots VALUES (2, 'new', 'The toys set out to save the cowboy doll.')")
        connection.execute("INSERT INTO runs VALUES (99, 'new', 'x', 'y', now()::TIMESTAMP, 1, 1, 1, 0, 0)")
    with Catalogue(path) as catalogue:
        vectors = open_neighbours(catalogue).vectors
    assert encoder.encoded == 2
    assert vectors.plot_hash[vectors.film_id == 2][0] != 0


def test_a_catalogue_that_cannot_be_written_beside_works_too(tmp_path, monkeypatch):
    path = write_small_catalogue(tmp_path / "small.duckdb")
    (tmp_path / "small.similar").mkdir()
    (tmp_path / "small.similar" / "notes.txt").write_text("not ours")
    with Catalogue(path) as catalogue, pytest.raises(Exception, match="not a model folder"):
        open_neighbours(catalogue)


def test_neighbours_of_every_film_as_parquet(lib, tmp_path):
    import pyarrow.parquet as pq

    from cinefile.similar.neighbours import write_parquet

    written = write_parquet(tmp_path / "n.parquet", lib.scorer, k=3)
    table = pq.read_table(tmp_path / "n.parquet").to_pylist()
    assert written == len(table) == 3 * len(lib.vectors)
    first = [r["similar_id"] for r in table if r["film_id"] == 1]
    assert first == [f.film_id for f in lib.similar(1, 3)]
    assert [r["rank"] for r in table if r["film_id"] == 1] == [1, 2, 3]


def test_a_similar_story_is_quoted_where_its_sentences_are_close():
    near = Reasons(parts={"plot": 0.5}, sentences=("A doll flees.", "A toy " + "runs " * 40, 0.8))
    assert near.text().startswith('a similar story: "A doll flees." and "A toy runs runs')
    assert len(near.text()) < 150
    far = Reasons(parts={"plot": 0.5}, sentences=("A doll flees.", "It rains.", 0.1))
    assert far.text() == "a similar story"


def test_explain_brings_the_closest_sentences(lib):
    assert lib.explain(1, 1).sentences[2] == pytest.approx(1, abs=1e-5)
    assert lib.explain(1, 2).sentences is None  # the second has no plot
