import numpy as np
import pytest

from cinefile.errors import InputError
from cinefile.similar.feature_blocks import DENSE_PARTS, LACKABLE_PARTS, PARTS, SPARSE_PARTS
from cinefile.similar.film_similarity import top_k
from cinefile.similar.film_vectors import bit
from cinefile.similar.int8_products import Int8Matrix, quantise
from cinefile.similar.models.blended import BlendedSimilarity


def formula(v, i, j, weights):
    """The score as vectors.py states it, one pair at a time in float64."""
    total, score = 0.0, 0.0
    for part in PARTS:
        if not v.present[i] & bit(part):
            continue
        total += weights[part]
        if part in LACKABLE_PARTS and not v.present[j] & bit(part):
            score += weights[part] * v.means[part]
        elif part in DENSE_PARTS:
            score += weights[part] * float(v.dense(part, np.array([i]))[0] @ v.dense(part, np.array([j]))[0])
        else:
            first, last = v.spans[part]
            product = v.sparse[[i]][:, first:last] @ v.sparse[[j]][:, first:last].T
            score += weights[part] / v.weights[part] * float(product.sum())
    return score / total


def test_integer_products_are_exact():
    rng = np.random.default_rng(0)
    codes, scales = quantise(rng.standard_normal((300, 37)))
    queries = rng.standard_normal((4, 37)).astype(np.float32)
    step = np.abs(queries).max(axis=1) / np.float32(63)
    whole = np.rint(queries / step[:, None]).astype(np.int64) @ codes.T.astype(np.int64)
    expected = whole.astype(np.float32) * scales * step[:, None]
    np.testing.assert_allclose(Int8Matrix(codes, scales).products(queries), expected, rtol=1e-6)


def test_extreme_codes_do_not_overflow():
    codes = np.full((5, 1000), -127, np.int8)
    found = Int8Matrix(codes, np.ones(5, np.float32)).products(np.ones((1, 1000), np.float32))
    np.testing.assert_allclose(found, np.full((1, 5), -127000.0), rtol=1e-6)


@pytest.mark.parametrize("dimensions", [1, 37, 384])
@pytest.mark.parametrize("people", [1, 5, 40])
def test_extreme_products_are_exact_on_every_processor(dimensions, people):
    rng = np.random.default_rng(0)
    codes = rng.choice([-127, 127], (50, dimensions)).astype(np.int8)
    codes[0], codes[1] = 127, -127
    queries = rng.choice([-1.0, 1.0], (people, dimensions)).astype(np.float32)
    queries[0] = 1
    whole = (63 * queries).astype(np.int64) @ codes.T.astype(np.int64)
    found = Int8Matrix(codes, np.ones(50, np.float32)).products(queries)
    np.testing.assert_allclose(found * 63, whole, rtol=1e-6)


@pytest.mark.parametrize("weights", [None, {"plot": 1.0}, {"people": 2.0, "genres": 1.0, "collection": 1.0}])
def test_scores_follow_the_stated_formula(vectors, weights):
    blend, rows = BlendedSimilarity(vectors), np.array([0, 3, 4, 6, 50])
    full = dict(vectors.weights) if weights is None else {p: weights.get(p, 0.0) for p in PARTS}
    found = blend.scores(rows, weights)
    for a, i in enumerate(rows):
        if not any(full[p] and vectors.present[i] & bit(p) for p in PARTS):
            continue
        expected = [formula(vectors, int(i), j, full) for j in range(len(vectors))]
        np.testing.assert_allclose(found[a], expected, atol=0.012)  # 7-bit queries against exact rows


def test_every_part_works_alone(vectors):
    blend = BlendedSimilarity(vectors)
    for part in PARTS:
        i = int(np.flatnonzero(vectors.present & bit(part))[0])
        scores = blend.scores(np.array([i]), {part: 1.0})[0]
        assert scores[i] == pytest.approx(1, abs=0.02), part


def test_a_film_that_lacks_a_part_counts_as_average_in_it(vectors):
    blend = BlendedSimilarity(vectors)
    has = int(np.flatnonzero(vectors.present & bit("plot"))[0])
    lacks = int(np.flatnonzero((vectors.present & bit("plot")) == 0)[0])
    assert blend.scores(np.array([has]), {"plot": 1.0})[0, lacks] == pytest.approx(vectors.means["plot"], abs=1e-4)


def test_contributions_add_up_to_the_score(vectors):
    blend = BlendedSimilarity(vectors)
    rows = np.flatnonzero(vectors.present & bit("plot") & 0xFFFF)
    full = [int(r) for r in rows if all(vectors.present[r] & bit(p) for p in LACKABLE_PARTS)][:2]
    assert sum(blend.explain(*vectors.film_id[full].tolist()).values()) == pytest.approx(
        blend.scores(np.array(full[:1]))[0, full[1]], abs=0.012
    )


@pytest.mark.parametrize("weights", [{"plots": 1.0}, {"plot": 0.0}, {"plot": -1.0, "genres": 1.0}])
def test_senseless_weights_are_refused(vectors, weights):
    with pytest.raises(InputError):
        BlendedSimilarity(vectors).scores(np.array([0]), weights)


@pytest.mark.parametrize(("n", "k"), [(7, 10), (65, 3), (1000, 5), (5003, 20), (64 * 80, 1)])
def test_top_k_finds_the_largest_in_order(n, k):
    scores = np.random.default_rng(n).standard_normal((6, n)).astype(np.float32)
    found = top_k(scores, k)
    expected = np.argsort(-scores, axis=1)[:, :k]
    np.testing.assert_array_equal(found, expected)


def test_sparse_parts_are_all_in_use(vectors):
    for part in SPARSE_PARTS:
        first, last = vectors.spans[part]
        assert vectors.sparse[:, first:last].nnz > 0
