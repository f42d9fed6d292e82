import numpy as np
import pytest

from cinefile.evaluation.search_protocols import _reciprocal_rank, coordinate_ascent


def hill(weights):
    """Highest at a = 2 and b = 0.25."""
    height = np.log(weights["a"] / 2) ** 2 + np.log(weights["b"] / 0.25) ** 2
    return (1 / (1 + height), 1.0)


def test_ascent_finds_the_top_and_leaves_what_is_fixed():
    found = coordinate_ascent(hill, {"a": 0.5, "b": 0.5, "c": 0.5}, ("c",), say=lambda _: None)
    assert found.weights["a"] == pytest.approx(2, rel=0.2)
    assert found.weights["b"] == pytest.approx(0.25, rel=0.2)
    assert found.weights["c"] == 0.5
    assert found.start == hill({"a": 0.5, "b": 0.5})
    assert found.figures[0] > 0.95


def test_ascent_weighs_both_figures_by_where_they_began():
    def traded(weights):
        return (0.1 * weights["a"], 1 - 0.001 * weights["a"])

    assert coordinate_ascent(traded, {"a": 0.5}, (), rounds=1, say=lambda _: None).weights["a"] == 1.0


@pytest.mark.parametrize(
    ("setting", "rank"),
    [((1, 3.0, 2.0, 1.0), 1), ((1, 1.0, 3.0, 1.0), 2), ((1, 0.1, 3.0, 3.0), 3)],
)
def test_a_setting_is_judged_by_the_rank_that_it_gives(setting, rank):
    rankings = {"title": [7], "people": [], "words": [3, 7], "meaning": [5, 3]}
    assert _reciprocal_rank(rankings, setting, 7) == 1 / rank


def test_a_film_that_no_ranking_has_counts_nothing():
    assert _reciprocal_rank({"title": [1], "people": [], "words": [], "meaning": []}, (1, 1.0, 1.0, 1.0), 9) == 0
