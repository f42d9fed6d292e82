"""What to rate next: the films whose stars would teach the factor model most about a person.

A rating of film i, with features f and noise variance s, shrinks the person's covariance S to
S - S f f' S / (s + f' S f). What matters is the error left over all films, weighted by how often films are met, so
films are ordered by the fall of trace(W S), with W the mean outer product of the features: A-optimal (Bayesian)
design, Chaloner and Verdinelli, Statistical Science 1995. A film that nobody knows teaches nothing, so the fall is
multiplied by the chance that the person has seen the film, taken as the share of training people who rated it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cinefile.errors import InputError
from cinefile.taste.models.factor.arithmetic import Array
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.ratings import Floats, person_rows


@dataclass(frozen=True)
class FilmToRate:
    """A film to ask about.

    Attributes:
        film_id: whose.
        gain: expected fall of the mean variance of the person's predictions, in squared stars.
    """

    film_id: int
    gain: float


def what_to_rate_next(model: FactorModel, ratings: Mapping[int, float], k: int = 10) -> list[FilmToRate]:
    """The k films to ask a person about, most telling first; each is chosen as if those before it were answered.

    Args:
        model: a trained factor model.
        ratings: ``{film_id: stars}``, empty for somebody new.
        k: how many.

    Raises:
        InputError: k below 1, or stars out of range.
    """
    if k < 1:
        raise InputError(f"k is {k}.", "Ask for at least one film.")
    person = person_rows([ratings], model.film_ids)
    _, covariances, weights = model.fold_in(person)
    feature = model.film_mean.astype(np.float64)
    feature[:, -1] = 1.0
    fame = model.counts / max(int(model.counts.sum()), 1)
    met = (feature * fame[:, None]).T @ feature
    noise = 1.0 / (model.precision * float(weights[0]) * model.film_weight.astype(np.float64))
    chance = model.counts / max(int(model.counts.max(initial=0)), 1)
    left = np.ones(len(fame), dtype=bool)
    left[person.indices] = False
    covariance = covariances[0].astype(np.float64)
    questions = []
    for _ in range(min(k, int(left.sum()))):
        gain = np.where(left, _gains(covariance, feature, noise, met) * chance, -1.0)
        best = int(np.argmax(gain))
        questions.append(FilmToRate(int(model.film_ids[best]), float(gain[best])))
        left[best] = False
        seen = covariance @ feature[best]
        covariance = covariance - np.outer(seen, seen) / (noise[best] + feature[best] @ seen)
    return questions


def _gains(covariance: Array, feature: Array, noise: Floats, met: Array) -> Floats:
    seen = feature @ covariance
    gains: Floats = np.einsum("ni,ij,nj->n", seen, met, seen, optimize=True) / (noise + (seen * feature).sum(1))
    return gains
