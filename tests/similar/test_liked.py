import numpy as np
from scipy.sparse import csr_array

from cinefile.similar.liked import Likes, liked_factors, predict_factors, shrunk_correlation
from cinefile.similar.vector_building import build_vectors


def test_shrunk_correlation_is_pearsons_times_the_shrinkage(likes):
    columns = likes.matrix.toarray()[:, :15]
    found = shrunk_correlation(csr_array(columns)).toarray()
    common = columns.T @ columns
    expected = np.maximum(np.corrcoef(columns.T), 0) * common / (common + 20)
    np.fill_diagonal(expected, 1)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_factors_bring_films_of_one_audience_together(table, likes):
    rows, factors = liked_factors(likes, factors=8)
    genre = np.asarray(table.genres.weights.argmax(axis=1)).ravel()[rows]
    alike = factors @ factors.T
    same = genre[:, None] == genre[None, :]
    np.fill_diagonal(same, False)
    assert alike[same].mean() > 0.5 > alike[genre[:, None] != genre[None, :]].mean() + 0.3


def test_an_unrated_film_is_placed_by_its_content(table, likes):
    genre = np.asarray(table.genres.weights.argmax(axis=1)).ravel()
    cold = np.arange(0, 20)
    seen = likes.matrix.toarray()
    seen[:, cold] = 0
    rows, factors = liked_factors(Likes(csr_array(seen)), factors=8)
    content = build_vectors(table).vectors
    placed = predict_factors(content, rows, factors, cold)
    nearest = rows[(placed @ factors.T).argmax(axis=1)]
    assert (genre[nearest] == genre[cold]).mean() > 0.8


def test_ratings_below_four_stars_are_no_likes():
    likes = Likes.from_ratings(np.array([1, 1, 2]), np.array([0, 1, 1]), np.array([5.0, 3.5, 4.0]), 3)
    np.testing.assert_array_equal(likes.counts(), [1, 1, 0])
