from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from tests.taste.ratings_fixture import small_world

from cinefile.errors import InputError
from cinefile.progress import Silent
from cinefile.taste.content_features import FilmFeatures, film_features
from cinefile.taste.group import recommend_for_group
from cinefile.taste.models.bias import BiasModel
from cinefile.taste.models.factor.arithmetic import accumulate, expected_error, moments, solve
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.next_film import what_to_rate_next
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import person_rows
from cinefile.taste.recommend import Pick, Wishes

LIKES_FIRST = {7: 5.0, 13: 5.0, 10: 1.0, 16: 1.0}
LIKES_SECOND = {7: 1.0, 13: 1.0, 10: 5.0, 16: 5.0}


@pytest.fixture(scope="module")
def model() -> FactorModel:
    return FactorModel(factors=3, rounds=10).fit(*small_world())


def kinds(films: np.ndarray) -> FilmFeatures:
    genres = [["First"] if (f - 7) // 3 % 2 == 0 else ["Second"] for f in films]
    return film_features(films, genres, [1990] * len(films))


def test_the_posterior_is_bayesian_linear_regression() -> None:
    """Against the textbook formula, spelled out rating by rating (Bishop 2006, equations 3.50 to 3.51)."""
    rng = np.random.default_rng(0)
    mean = rng.normal(size=(6, 3))
    covariance = np.array([np.cov(rng.normal(size=(3, 9))) for _ in range(6)])
    stars = sp.csr_matrix(np.array([[1.0, 0, -0.5, 0, 0.25, 0], [0, 0, 0, 0, 0, 2.0]]))
    weight = rng.uniform(0.5, 2.0, 6)
    seen = (stars != 0).astype(float)
    sums = accumulate(stars, seen, moments(mean, covariance, weight), weight)
    prior_mean, prior = rng.normal(size=(2, 3)), np.diag([1.0, 2.0, 3.0])
    found, spread = solve(sums, prior_mean, prior, np.array([1.5, 0.7]))
    for row, noise in enumerate([1.5, 0.7]):
        precision, right, error = prior.copy(), prior @ prior_mean[row], 0.0
        for film in stars[row].indices:
            f = np.array([*mean[film, :2], 1.0])
            inner = np.zeros((3, 3))
            inner[:2, :2] = covariance[film][:2, :2]
            second = np.outer(f, f) + inner
            y = stars[row, film]
            cross = mean[film, 2] * f + np.array([*covariance[film][:2, 2], 0.0])
            precision += noise * weight[film] * second
            right = right + noise * weight[film] * (y * f - cross)
        assert np.allclose(found[row], np.linalg.solve(precision, right))
        assert np.allclose(spread[row], np.linalg.inv(precision))
        draws = rng.multivariate_normal(found[row], spread[row], 60_000)
        for film in stars[row].indices:
            other = rng.multivariate_normal(mean[film], covariance[film], 60_000)
            guess = (draws[:, :2] * other[:, :2]).sum(1) + draws[:, 2] + other[:, 2]
            error += weight[film] * np.mean((stars[row, film] - guess) ** 2)
        assert expected_error(sums, found, spread)[row] == pytest.approx(error, rel=0.05)


def test_deviation_shrinks_with_ratings_and_covers(model: FactorModel) -> None:
    assert (
        model._deviation(person_rows([{}], model.film_ids)).mean()
        > 1.1
        * model._deviation(  # type: ignore[union-attr]
            person_rows([LIKES_FIRST | {19: 5.0, 25: 5.0, 22: 1.0}], model.film_ids)
        ).mean()
    )
    users, films, stars = small_world()
    held = np.random.default_rng(5).random(len(users)) < 0.2
    fresh = FactorModel(factors=3, rounds=10).fit(users[~held], films[~held], stars[~held])
    mean, deviation = fresh.predict(users[held], films[held], return_std=True)
    inside = np.abs(mean - stars[held]) < 1.2816 * deviation
    assert 0.7 < inside.mean() < 0.9


def test_a_film_without_ratings_follows_its_genre() -> None:
    users, films, stars = small_world()
    every = np.unique(films)
    cold = [every[0], every[1]]
    warm = ~np.isin(films, cold)
    model = FactorModel(factors=3, rounds=10).fit(users[warm], films[warm], stars[warm], features=kinds(every))
    likes = {int(f): 5.0 if n % 2 == 0 else 1.0 for n, f in enumerate(every[2:12])}
    first, second = model.stars_for(likes, cold)
    assert first > second + 0.8
    later = FactorModel(factors=3, rounds=10).fit(users[warm], films[warm], stars[warm], features=kinds(every[2:]))
    assert later.add_films(kinds(np.array([*every, 500, 501]))) == 4
    assert np.allclose(later.stars_for(likes, cold), [first, second], atol=0.02)
    assert later.stars_for(likes, every[2:]).shape == (38,)
    with pytest.raises(InputError, match="others"):
        FactorModel(factors=2, rounds=2).fit(users, films, stars).add_films(kinds(every))


def test_an_unknown_film_is_as_good_as_the_bias_and_content_better() -> None:
    users, films, stars = small_world(people=150, films=80)
    cold = np.isin(films, np.unique(films)[::5])
    part = (users[~cold], films[~cold], stars[~cold])

    def error(model: RatingModel) -> float:
        return float(np.sqrt(np.mean((model.predict(users[cold], films[cold]) - stars[cold]) ** 2)))

    bias, told = error(BiasModel().fit(*part)), FactorModel(factors=3, rounds=10)
    assert error(told.fit(*part, features=kinds(np.unique(films)))) < 0.75 * bias
    nothing = FilmFeatures(np.unique(films), np.zeros((80, 1), dtype=np.float32), ("none",))
    untold = FactorModel(factors=3, rounds=10).fit(*part)
    assert error(untold) < 1.02 * bias
    empty = FactorModel(factors=3, rounds=10).fit(*part, features=nothing)
    assert np.allclose(empty.predict(users[cold], films[cold]), untold.predict(users[cold], films[cold]), atol=0.02)
    _, deviation = untold.predict([1000, 5], [1, 1], return_std=True)
    assert (deviation > 0.5).all()


class StopsAfter(Silent):
    """Ctrl-C after some rounds."""

    def __init__(self, rounds: int) -> None:
        self.rounds, self.seen = rounds, 0

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        self.seen += 1
        if done == self.rounds:
            raise KeyboardInterrupt


def test_a_stopped_training_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    features = kinds(np.arange(7, 127, 3))
    plain = RunOptions(validation=0.1)
    whole = FactorModel(factors=3, rounds=6).fit(*small_world(), features=features, options=plain)
    with pytest.raises(KeyboardInterrupt):
        FactorModel(factors=3, rounds=6).fit(
            *small_world(), features=features, options=RunOptions(StopsAfter(4), tmp_path / "r", 0.1)
        )
    watch = StopsAfter(99)
    again = FactorModel(factors=3, rounds=6).fit(
        *small_world(), features=features, options=RunOptions(watch, tmp_path / "r", 0.1)
    )
    assert watch.seen == 2
    assert np.allclose(again.learned.film_mean, whole.learned.film_mean, atol=1e-5)
    assert again.curve == pytest.approx(whole.curve, abs=1e-5)
    assert len(again.curve) == 6
    assert again.curve[-1] < again.curve[0]
    assert not (tmp_path / "r").exists()


def test_rounds_of_other_settings_are_not_taken_up(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        FactorModel(factors=3, rounds=6).fit(*small_world(), options=RunOptions(StopsAfter(3), tmp_path / "r"))
    watch = StopsAfter(99)
    FactorModel(factors=2, rounds=6).fit(*small_world(), options=RunOptions(watch, tmp_path / "r"))
    assert watch.seen == 6


def test_renamed_films_keep_their_stars(model: FactorModel) -> None:
    mapping = {int(f): 1000 - n for n, f in enumerate(model.film_ids[:30])}
    renamed = model.renamed(mapping)
    likes = {mapping[f]: s for f, s in LIKES_FIRST.items()}
    assert len(renamed.film_ids) == 30
    for film in (19, 22):
        assert renamed.stars_for(likes, [mapping[film]]) == pytest.approx(
            model.stars_for(LIKES_FIRST, [film]), abs=1e-5
        )
    allowed = sorted(mapping)
    old = [mapping[p.film_id] for p in model.recommend(LIKES_FIRST, k=5, wishes=Wishes(allowed=allowed))]
    assert len(set(old) & {p.film_id for p in renamed.recommend(likes, k=5)}) >= 4
    with pytest.raises(InputError, match="One id per film"):
        model.renamed({7: 1, 10: 1})


def test_compact_folder_is_smaller_and_nearly_the_same(model: FactorModel, tmp_path) -> None:  # type: ignore[no-untyped-def]
    model.save(tmp_path / "full", with_people=False)
    small = FactorModel.load(model.save(tmp_path / "small", with_people=False, compact=True))
    size = {n: sum(p.stat().st_size for p in (tmp_path / n).iterdir()) for n in ("full", "small")}
    assert size["small"] < 0.5 * size["full"]
    assert np.allclose(small.stars_for(LIKES_FIRST), model.stars_for(LIKES_FIRST), atol=0.02)


def test_dials(model: FactorModel) -> None:
    plain, rare, common = (model.recommend(LIKES_FIRST, k=10, wishes=Wishes(rarity=dial)) for dial in (0.0, 1.0, -1.0))

    def fame(picks: list[Pick]) -> float:
        return float(np.mean([model.counts[np.searchsorted(model.film_ids, p.film_id)] for p in picks]))

    assert fame(rare) < fame(plain) < fame(common)
    mixed = model.recommend(LIKES_FIRST, k=10, wishes=Wishes(diversity=0.9))
    assert mixed[0].film_id == plain[0].film_id

    def alike(picks: list[Pick]) -> float:
        return float(model._likeness(np.searchsorted(model.film_ids, [p.film_id for p in picks])).mean())

    assert alike(mixed) < alike(plain)
    with pytest.raises(InputError, match="rarity"):
        Wishes(rarity=2)


def test_an_interval_is_around_the_stars(model: FactorModel) -> None:
    pick = model.recommend(LIKES_FIRST, k=1)[0]
    low, high = pick.interval(0.8) or (0.0, 0.0)
    assert 0.5 <= low < pick.stars <= high <= 5.0


def test_because_names_what_was_liked(model: FactorModel) -> None:
    pick = model.recommend(LIKES_FIRST, k=1)[0]
    assert (pick.film_id - 7) // 3 % 2 == 0
    assert {f for f, _ in pick.because} <= LIKES_FIRST.keys()
    assert all(adds > 0 for _, adds in pick.because)


def test_group_agrees_with_its_members(model: FactorModel) -> None:
    same = recommend_for_group(model, [LIKES_FIRST, LIKES_FIRST], k=5)
    assert sum((p.film_id - 7) // 3 % 2 == 0 for p in same) >= 4
    split = recommend_for_group(model, [LIKES_FIRST, LIKES_SECOND], k=5, aggregation="least_misery")
    alone = recommend_for_group(model, [LIKES_FIRST], k=5, aggregation="least_misery")
    both = [min(p.stars) for p in split]
    assert np.mean(both) > np.mean([model.stars_for(LIKES_SECOND, [p.film_id])[0] for p in alone])
    assert not {p.film_id for p in split} & LIKES_FIRST.keys()
    with pytest.raises(InputError, match="nobody"):
        recommend_for_group(model, [])


def test_the_next_film_teaches_more_than_another(model: FactorModel) -> None:
    questions = what_to_rate_next(model, {}, k=3)
    assert len({q.film_id for q in questions}) == 3

    def left(film: int) -> float:
        spread = model._deviation(person_rows([{film: 4.0}], model.film_ids))
        assert spread is not None
        return float((spread**2 * model.counts).sum())

    others = [left(int(f)) for f in model.film_ids[::4]]
    assert left(questions[0].film_id) < np.median(others)
    assert not {q.film_id for q in what_to_rate_next(model, LIKES_FIRST, k=36)} & LIKES_FIRST.keys()


def test_fewer_films_than_factors_are_enough_to_fit() -> None:
    model = FactorModel(factors=16).fit([1, 1, 2, 2], [10, 20, 10, 30], [5.0, 2.0, 4.0, 3.5])
    assert {pick.film_id for pick in model.recommend({10: 5.0}, k=2)} == {20, 30}


def test_somebody_without_ratings_is_the_average_person(model: FactorModel) -> None:
    known, learned = model._everybody().mean, model.learned
    weight = np.diff(model.history.indptr)[:, None]
    # The last round's films are half a round ahead of the people that the average is of.
    assert np.allclose(learned.average, (known * weight).sum(0) / weight.sum(), atol=0.05)
    nobody = int(model.user_ids.max()) + 1
    expected = (
        model.mean + learned.film_mean[:, :-1] @ learned.average[:-1] + learned.film_mean[:, -1] + learned.average[-1]
    )
    predicted = model.predict([nobody] * len(model.film_ids), model.film_ids)
    assert np.allclose(predicted, np.clip(expected, *model.range), atol=1e-5)
    said = model.explain(int(model.film_ids[0]), {})
    assert said.contributions == ()
    assert said.base == pytest.approx(float(expected[0]), abs=1e-5)
