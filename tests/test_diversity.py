"""Maximal marginal relevance picks the relevant first, and then what is unlike it."""

import numpy as np

from cinefile.diversity import maximal_marginal_relevance

RELEVANCE = np.array([0.2, 1.0, 0.9, 0.5])
ALIKE = np.array([[1.0, 0.0, 0.0, 0.5], [0.0, 1.0, 0.95, 0.1], [0.0, 0.95, 1.0, 0.1], [0.5, 0.1, 0.1, 1.0]])


def test_the_dial_goes_from_relevance_to_unlikeness() -> None:
    assert maximal_marginal_relevance(RELEVANCE, ALIKE, 4, 0.0).tolist() == [1, 2, 3, 0]
    assert maximal_marginal_relevance(RELEVANCE, ALIKE, 2, 0.5).tolist() == [1, 3]
    assert maximal_marginal_relevance(RELEVANCE, ALIKE, 2, 1.0).tolist() == [1, 0]


def test_opposites_are_preferred_to_strangers() -> None:
    alike = np.array([[1.0, 0.0, -0.8], [0.0, 1.0, 0.0], [-0.8, 0.0, 1.0]])
    assert maximal_marginal_relevance(np.array([1.0, 0.5, 0.4]), alike, 2, 0.5).tolist() == [0, 2]


def test_fewer_candidates_than_wanted() -> None:
    assert maximal_marginal_relevance(RELEVANCE[:0], ALIKE[:0, :0], 3, 0.5).tolist() == []
    assert sorted(maximal_marginal_relevance(RELEVANCE, ALIKE, 9, 0.5).tolist()) == [0, 1, 2, 3]
