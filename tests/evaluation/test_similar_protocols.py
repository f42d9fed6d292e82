"""Inputs and targets of the similarity protocols never overlap, and a memorising method fails them."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from tests.similar._films import WordEncoder, labels, make_likes, make_table

from cinefile.evaluation.ranking_metrics import is_test_film, mates_found, ndcg
from cinefile.evaluation.similar_protocols import CollectionsProtocol, TasteProtocol, hide_collections
from cinefile.similar.liked import Likes, shrunk_correlation
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.similar.models.published import BASELINES
from cinefile.similar.vector_building import build_vectors


class Memory:
    """Gives back what it was told: who likes what, or who belongs together."""

    def __init__(self, alike):
        self._alike = np.asarray(alike, np.float32)

    def scores(self, rows):
        return self._alike[rows].copy()


@pytest.fixture(scope="module")
def table():
    return make_table(240)


@pytest.fixture(scope="module")
def likes(table):
    return make_likes(table, users=500)


def blend(table, likes):
    return BlendedSimilarity(build_vectors(table, encoder=WordEncoder(), likes=likes).vectors)


def test_asked_films_have_no_visible_ratings(table, likes):
    protocol = TasteProtocol.split(table, likes, test=True)
    assert len(protocol.asked) > 30
    assert protocol.visible.counts()[protocol.asked].sum() == 0
    assert protocol.visible.counts().sum() > 0


def test_ratings_of_the_asked_half_change_nothing_a_method_sees(table, likes):
    changed = likes.matrix.toarray()
    half = is_test_film(table.film_id)
    changed[:, half] = np.random.default_rng(0).permutation(changed[:, half], axis=0)
    first = TasteProtocol.split(table, likes, test=True)
    second = TasteProtocol.split(table, Likes(csr_array(changed)), test=True)
    a, b = (blend(p.table, p.visible).scores(first.asked) for p in (first, second))
    np.testing.assert_array_equal(a, b)


def test_a_method_that_memorises_ratings_fails_while_content_does_not(table, likes):
    protocol = TasteProtocol.split(table, likes, test=True)
    memory = Memory(shrunk_correlation(protocol.visible.matrix).toarray())
    knows = Memory(shrunk_correlation(likes.matrix).toarray())
    assert protocol.evaluate_scores(knows).mean() == pytest.approx(1)  # had it seen the hidden ratings
    remembered = protocol.evaluate_scores(memory).mean()
    assert remembered < 0.5 * protocol.evaluate(blend).mean()


def test_validation_and_test_ask_about_different_films(table, likes):
    a, b = (TasteProtocol.split(table, likes, test=t).asked for t in (False, True))
    assert not set(a) & set(b)


def test_collections_and_telltale_keywords_are_hidden(table):
    told = table.__class__(**{f: getattr(table, f) for f in table.__dataclass_fields__} | {
        "keywords": labels([["sequel", "robot"] if i % 2 else ["trilogy"] for i in range(len(table))])})  # fmt: skip
    hidden = hide_collections(told)
    assert (hidden.collection == -1).all()
    assert {k for i in range(len(hidden)) for k in hidden.keywords.of(i)} == {"robot"}


def test_a_method_that_memorises_collections_finds_none(table):
    protocol = CollectionsProtocol.split(table, test=True)
    seen = protocol.table.collection
    memory = Memory((seen[:, None] == seen[None, :]) & (seen[:, None] >= 0))
    knows = Memory(table.collection[:, None] == table.collection[None, :])
    assert protocol.evaluate_scores(knows).mean() == 1
    chance = 10 / len(table)
    assert protocol.evaluate_scores(memory).mean() < 5 * chance


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_are_scored_by_the_same_yardstick(table, likes, name):
    protocol = TasteProtocol.split(table, likes, test=True)
    found = protocol.evaluate(lambda films, _: BASELINES[name].fit(films))
    assert found.shape == (len(protocol.asked),)
    assert (found >= 0).all()
    assert (found <= 1).all()


def test_ndcg_by_hand():
    ideal = 3 + 1 / np.log2(3)
    found = ndcg(np.array([3, 0, 1]), np.array([3, 1]), 3, np.array([1.0, 3.0]))
    assert found == pytest.approx((1 + 3 / 2) / ideal)
    assert ndcg(np.array([3, 0, 1]), np.array([], np.int64), 3) == 0


def test_mates_by_hand():
    groups = np.array([5, 5, 5, -1, 9, 9])
    lists = np.array([[1, 3], [5, 0]])
    np.testing.assert_allclose(mates_found(lists, groups, np.array([0, 4])), [0.5, 1.0])
