import numpy as np
import pytest
from tests.similar._films import WordEncoder
from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.errors import InputError, NotFoundError
from cinefile.similar import SimilarOptions, open_neighbours, similar_index, train
from cinefile.similar.reasons import Reasons


@pytest.fixture(scope="module")
def lib(tmp_path_factory):
    encoder = WordEncoder()
    patch = pytest.MonkeyPatch()
    for module in (similar_index, train):
        patch.setattr(module, "shipped_encoder", lambda: encoder)
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
        return lib.similarity.pairwise(rows)[~np.eye(len(rows), dtype=bool)].mean()

    assert alike(0.7) < alike(0.0)  # fmt: skip


@pytest.mark.parametrize("options", [{"fame": 2}, {"diversity": -1}, {"weights": {"smell": 1}}])
def test_options_out_of_range_are_refused(lib, options):
    with pytest.raises(InputError):
        lib.similar(1, 5, SimilarOptions(**options))


def test_no_such_film_and_no_such_k(lib):
    with pytest.raises(NotFoundError):
        lib.similar(999)
    with pytest.raises(InputError):
        lib.similar(1, 0)


def test_neighbours_of_every_film_as_parquet(lib, tmp_path):
    import pyarrow.parquet as pq

    from cinefile.similar.train import write_parquet

    written = write_parquet(tmp_path / "n.parquet", lib.similarity, k=3)
    table = pq.read_table(tmp_path / "n.parquet").to_pylist()
    assert written == len(table) == 3 * len(lib.similarity)
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
