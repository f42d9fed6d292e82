"""What every method of finding similar films keeps to; each method inherits these tests."""

import numpy as np
import pytest

from cinefile.errors import InputError, ModelError, NotFoundError
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.similar.models.published import GenreTitleCosine, GenreVotesKnn, MostVoted


class FilmSimilarityContract:
    method = None

    @pytest.fixture
    def fitted(self, table, likes):
        return self.method.fit(table, likes)

    def test_scores_are_one_row_a_film_over_all_films(self, fitted, table):
        scores = fitted.scores(np.array([3, 0, 3]))
        assert scores.shape == (3, len(table))
        assert scores.dtype == np.float32
        np.testing.assert_array_equal(scores[0], scores[2])
        np.testing.assert_allclose(scores[1], fitted.scores(np.array([0]))[0], atol=1e-6)

    def test_the_most_similar_films_are_those_with_the_largest_scores(self, fitted):
        scores = fitted.scores(np.array([5]))[0]
        found = fitted.similar(int(fitted.film_id[5]), k=7)
        ids = [film_id for film_id, _ in found]
        assert int(fitted.film_id[5]) not in ids
        assert len(set(ids)) == 7
        rest = np.sort(np.delete(scores, 5))[::-1][:7]
        np.testing.assert_allclose([score for _, score in found], np.clip(rest, 0, 1), rtol=1e-6)

    def test_only_allowed_films_are_returned(self, fitted):
        among = np.arange(len(fitted)) % 40 == 0
        found = fitted.similar(int(fitted.film_id[0]), k=10, among=among)
        assert {film_id for film_id, _ in found} == set(fitted.film_id[among].tolist()) - {int(fitted.film_id[0])}

    def test_a_lift_moves_a_film_up_and_leaves_its_score(self, fitted):
        last = fitted.similar(int(fitted.film_id[0]), k=len(fitted))[-1]
        lift = np.where(fitted.film_id == last[0], 10.0, 0.0)
        assert fitted.similar(int(fitted.film_id[0]), k=1, lift=lift) == [last]

    def test_diversity_keeps_the_number_of_films(self, fitted):
        assert len({film for film, _ in fitted.similar(int(fitted.film_id[1]), k=9, diversity=0.6)}) == 9

    def test_parts_add_up_to_no_more_than_the_score(self, fitted):
        one, other = int(fitted.film_id[2]), int(fitted.film_id[8])
        parts = fitted.explain(one, other)
        assert all(value > 0 for value in parts.values())
        assert sum(parts.values()) <= fitted.scores(np.array([2]))[0, 8] + 0.02

    def test_a_saved_method_scores_the_same(self, fitted, tmp_path):
        path = fitted.save(tmp_path / "method", "A card.")
        again = self.method.load(path)
        np.testing.assert_array_equal(again.film_id, fitted.film_id)
        rows = np.arange(20)
        np.testing.assert_allclose(again.scores(rows), fitted.scores(rows), atol=2e-3)

    def test_what_is_no_folder_of_the_method_is_refused(self, tmp_path):
        with pytest.raises(ModelError):
            self.method.load(tmp_path / "nothing")

    def test_unknown_films_and_senseless_arguments_are_refused(self, fitted):
        known = int(fitted.film_id[0])
        with pytest.raises(NotFoundError):
            fitted.similar(1)
        with pytest.raises(NotFoundError):
            fitted.explain(known, 1)
        with pytest.raises(InputError):
            fitted.similar(known, k=0)
        with pytest.raises(InputError):
            fitted.similar(known, weights={"smell": 1.0})


class TestBlended(FilmSimilarityContract):
    method = BlendedSimilarity


class TestGenreTitleCosine(FilmSimilarityContract):
    method = GenreTitleCosine


class TestGenreVotesKnn(FilmSimilarityContract):
    method = GenreVotesKnn


class TestMostVoted(FilmSimilarityContract):
    method = MostVoted
