"""What to rate next: the films whose stars would teach a factor model most about a person.

A rating of film i, with features f and noise variance s, shrinks the person's covariance S to
S - S f f' S / (s + f' S f). What matters is the error left over all films, weighted by how often films are met, so
films are ordered by the fall of trace(W S), with W the mean outer product of the features: A-optimal (Bayesian)
design, Chaloner and Verdinelli, Statistical Science 1995. A film that nobody knows teaches nothing, so the fall is
multiplied by the chance that the person has seen the film, taken as the share of training people who rated it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cinefile.taste.rating_model import RatingModel
from cinefile.taste.ratings import Floats, Ints
from cinefile.taste.recommend import FilmToRate


def what_to_rate_next(model: RatingModel, ratings: Mapping[int, float], k: int = 10) -> list[FilmToRate]:
    """The k films to ask a person about, most telling first; see ``RatingModel.what_to_rate_next``."""
    return model.what_to_rate_next(ratings, k)


def most_telling(
    films: Floats, noise: Floats, covariance: Floats, counts: Ints, rated: NDArray[np.integer], k: int
) -> list[tuple[int, float]]:
    """Places and gains of the k films to ask about; each is chosen as if those before it were answered.

    Args:
        films: (films, d) vectors, the bias last.
        noise: (films,) noise variance of the person's rating of each.
        covariance: (d, d) of what is known of the person.
        counts: (films,) number of training ratings.
        rated: places of the films that the person has rated.
        k: how many.
    """
    feature = films.astype(np.float64)
    feature[:, -1] = 1.0
    fame = counts / max(int(counts.sum()), 1)
    met = (feature * fame[:, None]).T @ feature
    chance = counts / max(int(counts.max(initial=0)), 1)
    left = np.ones(len(fame), dtype=bool)
    left[rated] = False
    covariance = covariance.astype(np.float64)
    questions = []
    for _ in range(min(k, int(left.sum()))):
        gain = np.where(left, _gains(covariance, feature, noise, met) * chance, -1.0)
        best = int(np.argmax(gain))
        questions.append((best, float(gain[best])))
        left[best] = False
        seen = covariance @ feature[best]
        covariance = covariance - np.outer(seen, seen) / (noise[best] + feature[best] @ seen)
    return questions


def _gains(covariance: Floats, feature: Floats, noise: Floats, met: Floats) -> Floats:
    seen = feature @ covariance
    gains: Floats = np.einsum("ni,ij,nj->n", seen, met, seen, optimize=True) / (noise + (seen * feature).sum(1))
    return gains
