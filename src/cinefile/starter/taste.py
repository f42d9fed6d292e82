"""Train the shipped rating model on the MovieLens ratings of the starter's films."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cinefile.evaluation import rating_data as data_of
from cinefile.evaluation.splits import Ratings, distinct, most_active, random_split, time_split, user_split
from cinefile.progress import Progress
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.rating_model import RunOptions

FACTORS, PICK_FILMS = 16, 1500
_APART = 10_000_000  # between the user ids of two data sets
_CARD = """# Starter taste model

Bayesian factor model (kind `factor`, {factors} factors) of {ratings:,} ratings by {people:,} people of {rated:,} films;
the other {cold:,} of its {films:,} films have factors from content alone (genres, decade, language, countries,
length, directors). Film ids are those of {ids}.

Trained on MovieLens 1M, MovieLens latest-small and The Movies Dataset's ratings_small, less every rating that
cinefile's protocols ask about with seed 0: `ml1m-random`, `intervals` and `movielens-top` (test parts), `ml1m-users`
(the validation and test people, whole), `ml-time` and `ml-small-time` (the last 20% by time); {held:,} ratings in all.

Terms: MovieLens data may be used for research and non-commercial purposes (F. M. Harper and J. A. Konstan, "The
MovieLens Datasets", ACM TiiS 5, 2015). This model holds learned numbers only, and nothing of any person.

Made by `cinefile train starter-taste --data FOLDER --out {name}`.
"""


def asked_about(data: Path) -> tuple[Ratings, Ratings]:
    """Ratings of MovieLens 1M and of latest-small that registered protocols ask about with seed 0."""
    full, timed, small = data_of.ml_1m(data), data_of.ml_1m_timed(data), data_of.latest_small(data)
    people = user_split(full, 600, 0)
    shown = np.isin(full.users, people.train.users)
    parts = [
        random_split(full, 0.1, 0).test,
        random_split(most_active(full, 10_000, 1000), 0.2, 0).test,
        full.take(~shown),
        time_split(timed, 0.2).test,
    ]
    asked = np.unique(np.concatenate([part.keys for part in parts]))
    return full.take(np.isin(full.keys, asked)), time_split(small, 0.2).test


def training_ratings(data: Path) -> tuple[Ratings, int]:
    """What the shipped model may learn from, and how many ratings were taken out."""
    asked_1m, asked_small = asked_about(data)
    full, small, other = data_of.ml_1m(data), data_of.latest_small(data), data_of.the_movies_small(data)
    timed = data_of.ml_1m_timed(data)
    secret = np.concatenate([_moments(timed.take(np.isin(timed.keys, asked_1m.keys))), _moments(asked_small)])
    kept = [
        full.take(~np.isin(full.keys, asked_1m.keys)),
        small.take(~np.isin(small.keys, asked_small.keys) & ~np.isin(_moments(small), secret)),
        other.take(~np.isin(_moments(other), secret)),
    ]
    # ratings_small and latest-small are drawn from the same site: a rating in both counts once.
    kept[2] = kept[2].take(~np.isin(_moments(kept[2]), _moments(kept[1])))
    total = sum(len(part.users) for part in (full, small, other))
    joined = Ratings(
        np.concatenate([part.users + n * _APART for n, part in enumerate(kept)]),
        np.concatenate([part.films for part in kept]),
        np.concatenate([part.stars for part in kept]),
    )
    return distinct(joined), total - len(joined.users)


def _moments(ratings: Ratings) -> NDArray[np.int64]:
    """One number per rating that is equal where film, second and stars are."""
    assert ratings.times is not None
    return (ratings.times * (1 << 22) + ratings.films) * 16 + np.round(2 * ratings.stars).astype(np.int64)


def train_starter(
    data: Path, catalogue: Path, out: Path, progress: Progress, say: Callable[[str], None]
) -> FactorModel:
    """Train the shipped model and write its folder, keyed by the catalogue's film ids.

    Args:
        data: folder of the public data sets.
        catalogue: whose films, and what is known of them; those without a MovieLens id stay unknown to the model.
        out: folder to write.
        progress: told about rounds.
        say: told how many ratings there are.
    """
    mapping = data_of.catalogue_ids(catalogue)
    features = data_of.content(catalogue)
    ratings, held = training_ratings(data)
    say(f"{len(ratings.users):,} ratings to learn from; {held:,} held back for the protocols, or doubles.")
    model = FactorModel(factors=FACTORS, pick_films=PICK_FILMS)
    options = RunOptions(progress=progress)
    model.fit(ratings.users, ratings.films, ratings.stars, features=features, options=options)
    shipped = model.renamed(mapping)
    rated = int((shipped.counts > 0).sum())
    card = _CARD.format(
        factors=FACTORS,
        ratings=len(ratings.users),
        people=len(np.unique(ratings.users)),
        films=len(shipped.film_ids),
        rated=rated,
        cold=len(shipped.film_ids) - rated,
        held=held,
        ids=catalogue.name,
        name=out.name,
    )
    shipped.save(out, with_people=False, card=card, compact=True)
    return shipped
