import numpy as np
import pytest

from cinefile.text.ngrams import NgramScores, ngrams, words


def test_tokens_are_lower_case_without_accents_or_single_letters() -> None:
    assert words("Amélie, a Café's OWNER") == ["amelie", "cafe", "owner"]
    assert ngrams("the old house") == ["the", "old", "house", "the old", "old house"]


def test_scores_equal_scikit_learn() -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text")
    texts = ["The ghost haunts the house", "A cowboy, a ghost; a DESERT of désert", "nothing known here", ""]
    vectoriser = text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode", dtype=np.float32)
    vectoriser.fit(texts[:2])
    rng = np.random.default_rng(0)
    weights = rng.integers(-127, 127, (len(vectoriser.vocabulary_), 3)).astype(np.int8)
    scale, bias = np.array([0.1, 0.2, 0.3], np.float32), np.array([1, 2, 3], np.float32)
    own = NgramScores(
        vectoriser.get_feature_names_out().tolist(), vectoriser.idf_.astype(np.float32), weights, scale, bias
    )
    expected = vectoriser.transform(texts) @ (weights * scale) + bias
    np.testing.assert_allclose(own.scores(texts), expected, rtol=1e-4, atol=1e-4)


def test_contributions_add_up_to_the_score() -> None:
    weights = np.array([[100], [-50], [7]], np.int8)
    own = NgramScores(
        ["ghost", "house", "old house"],
        np.ones(3, np.float32),
        weights,
        np.array([0.01], np.float32),
        np.zeros(1, np.float32),
    )
    parts = own.contributions("A ghost in the old house", 0)
    assert [name for name, _ in parts] == ["ghost", "house", "old house"]
    assert sum(v for _, v in parts) == pytest.approx(float(own.scores(["A ghost in the old house"])[0, 0]), rel=1e-5)
