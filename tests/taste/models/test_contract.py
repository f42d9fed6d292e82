"""What every rating model must do, by name from the registry: a new model inherits these tests with its line there."""

from pathlib import Path

import numpy as np
import pytest
from tests.taste.ratings_fixture import small_world

from cinefile.errors import InputError, ModelError, NotFoundError
from cinefile.progress import Silent
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models import MODELS, load_model, new_model
from cinefile.taste.people_blocks import LocalBlocks
from cinefile.taste.rating_model import RatingModel, RunOptions, one_person
from cinefile.taste.ratings import RatingTable
from cinefile.taste.recommend import Wishes

QUICK = {
    "als": {"factors": 3, "rounds": 6},
    "factor": {"factors": 3, "rounds": 6},
    "ease": {"ridge": 20.0},
    "autoencoder": {"hidden": (16, 8, 16), "epochs": 40, "batch": 16, "learning_rate": 5e-3},
    "autoencoder-published": {"hidden": (16, 8, 16), "epochs": 10},
}
TRAIN = {"autoencoder", "autoencoder-published"}
NAMES = [pytest.param(name, marks=pytest.mark.train if name in TRAIN else ()) for name in MODELS]
PERSON = {7: 5.0, 13: 4.5, 10: 1.0, 16: 1.5, 999_999: 3.0}  # likes the first kind; one film that nobody knows


@pytest.fixture(scope="module", params=NAMES)
def model(request: pytest.FixtureRequest) -> RatingModel:
    if request.param in TRAIN:
        pytest.importorskip("torch")
    return new_model(request.param, **QUICK.get(request.param, {})).fit(*small_world())


def test_predictions_are_stars_for_known_and_unknown_ids(model: RatingModel) -> None:
    users, films, _ = small_world()
    some = model.predict(np.append(users[:50], [1000, 5, 5]), np.append(films[:50], [6, 7, 6]))
    assert some.shape == (53,)
    assert np.isfinite(some).all()
    assert some.min() >= 0.5
    assert some.max() <= 5.0


def test_no_worse_than_the_mean_on_what_it_was_not_shown(model: RatingModel) -> None:
    users, films, stars = small_world()
    held = np.random.default_rng(0).random(len(users)) < 0.2
    fresh = type(model)(**model._settings()).fit(users[~held], films[~held], stars[~held])
    error = np.sqrt(np.mean((fresh.predict(users[held], films[held]) - stars[held]) ** 2))
    limit = {"factor": 0.55, "als": 0.6, "neighbours": 0.7, "autoencoder-published": 1.3}.get(model.kind, 1.1)
    assert error < limit


def test_order_of_the_rows_does_not_matter(model: RatingModel) -> None:
    if model.kind.startswith("autoencoder"):
        pytest.skip("its random numbers follow the rows")
    users, films, stars = small_world()
    order = np.random.default_rng(1).permutation(len(users))
    again = type(model)(**model._settings()).fit(users[order], films[order], stars[order])
    assert np.allclose(again.predict(users, films), model.predict(users, films), atol=1e-3)


def test_picks_are_new_allowed_and_in_order(model: RatingModel) -> None:
    picks = model.recommend(PERSON, k=12)
    assert len({p.film_id for p in picks}) == 12
    assert not {p.film_id for p in picks} & PERSON.keys()
    assert [p.score for p in picks] == sorted((p.score for p in picks), reverse=True)
    allowed = [7, 10, 19, 22, 25, 123_456]
    few = model.recommend(PERSON, k=12, wishes=Wishes(allowed=allowed, exclude=[22]))
    assert {p.film_id for p in few} == {19, 25}
    seen_too = model.recommend(PERSON, k=40, wishes=Wishes(exclude_seen=False))
    assert {p.film_id for p in seen_too} == set(model.film_ids.tolist())


def test_a_known_person_gets_what_their_ratings_get(model: RatingModel) -> None:
    users, films, stars = small_world()
    own = {int(f): float(s) for f, s in zip(films[users == 1003], stars[users == 1003], strict=True)}
    by_id, by_ratings = model.recommend(user_id=1003, k=8), model.recommend(own, k=8)
    assert [p.film_id for p in by_id] == [p.film_id for p in by_ratings]
    assert np.allclose([p.stars for p in by_id], [p.stars for p in by_ratings], atol=1e-4)
    predicted = model.predict(np.full(8, 1003), [p.film_id for p in by_id])
    assert np.allclose(predicted, [p.stars for p in by_id], atol=1e-3)


def test_many_at_once_is_one_by_one(model: RatingModel) -> None:
    many = dict(model.recommend_many(k=5))
    assert set(many) == set(range(1000, 1080))
    for user in (1000, 1041):
        assert [p.film_id for p in many[user]] == [p.film_id for p in model.recommend(user_id=user, k=5)]
    two = list(model.recommend_many([PERSON, {}], k=3))
    assert [n for n, _ in two] == [0, 1]
    assert [p.film_id for p in two[0][1]] == [p.film_id for p in model.recommend(PERSON, k=3)]


def test_a_person_without_ratings_gets_picks(model: RatingModel) -> None:
    assert len(model.recommend({}, k=5)) == 5


def test_contributions_add_up_exactly(model: RatingModel) -> None:
    if not model.additive:
        with pytest.raises(InputError, match="no sum"):
            model.explain(19, PERSON)
        return
    for film in (19, 22, 61):
        why = model.explain(film, PERSON)
        raw = float(model._stars(one_person(model, PERSON, None))[0, np.searchsorted(model.film_ids, film)])
        assert why.base + sum(part for _, part in why.contributions) == pytest.approx(raw, abs=1e-4)
        assert {f for f, _ in why.contributions} == PERSON.keys() - {999_999}


def test_saved_and_loaded_it_is_the_same(model: RatingModel, tmp_path: Path) -> None:
    users, films, _ = small_world()
    again = load_model(model.save(tmp_path / "m", card="# A model\n"))
    assert type(again) is type(model)
    assert np.allclose(again.predict(users, films), model.predict(users, films), atol=1e-5)
    assert [p.film_id for p in again.recommend(PERSON)] == [p.film_id for p in model.recommend(PERSON)]
    without = load_model(model.save(tmp_path / "n", with_people=False))
    assert [p.film_id for p in without.recommend(PERSON)] == [p.film_id for p in model.recommend(PERSON)]
    assert not any(p.suffix in {".pkl", ".pickle", ".npy"} for p in (tmp_path / "m").iterdir())
    with pytest.raises(NotFoundError, match="1000"):
        without.recommend(user_id=1000)


def test_bad_input_is_named(model: RatingModel) -> None:
    with pytest.raises(InputError, match=r"stars\[1\] is 6"):
        model.recommend({7: 5.0, 10: 6.0})
    with pytest.raises(InputError, match="nan"):
        model.recommend({7: float("nan")})
    with pytest.raises(InputError, match="lengths 2, 1 and 2"):
        type(model)().fit([1, 2], [3], [4.0, 4.0])
    with pytest.raises(InputError, match="no ratings"):
        type(model)().fit([], [], [])
    with pytest.raises(InputError, match="either"):
        model.recommend()
    with pytest.raises(NotFoundError, match="42"):
        model.recommend(user_id=42)
    with pytest.raises(NotFoundError, match="no film 6"):
        model.explain(6, PERSON)
    with pytest.raises(ModelError, match="not been trained"):
        type(model)().recommend(PERSON)


class Noting(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[tuple[int, int | None]] = []

    def begin(self, name: str, total: int | None = None) -> None:
        self.begun.append(name)

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        self.done.append((done, total))


def test_run_options_and_features_are_for_every_model(model: RatingModel, tmp_path: Path) -> None:
    noting = Noting()
    options = RunOptions(noting, tmp_path / "rounds", 0.1)
    fresh = type(model)(**model._settings())
    nothing = FilmFeatures(np.array([7, 500]), np.ones((2, 1), dtype=np.float32), ("one",))
    users, films, stars = small_world()
    fresh.fit(users.tolist(), films, stars, features=nothing, options=options)
    assert noting.begun == ["training"]
    done, total = noting.done[-1]
    assert done == total
    assert not (tmp_path / "rounds").exists()
    assert (500 in fresh.film_ids) is model.uses_features
    assert all(np.isfinite(error) and error > 0 for error in fresh.curve)
    assert len(fresh.curve) in (0, len(noting.done))
    with pytest.raises(InputError, match="validation is 1"):
        RunOptions(validation=1)


def test_in_blocks_it_learns_the_same_or_says_that_it_cannot(model: RatingModel) -> None:
    fresh, blocks = type(model)(**model._settings()), LocalBlocks(RatingTable.of(*small_world()))
    if not model.in_blocks:
        with pytest.raises(InputError, match="not trained in blocks"):
            fresh.fit_blocks(blocks)
        return
    fresh.fit_blocks(blocks)
    assert fresh.stars_for(PERSON) == pytest.approx(model.stars_for(PERSON), abs=1e-6)
    assert len(fresh.user_ids) == 0


def test_it_asks_about_films_not_rated_yet(model: RatingModel) -> None:
    asked = model.what_to_rate_next(PERSON, k=5)
    assert len({film.film_id for film in asked}) == 5
    assert not {film.film_id for film in asked} & PERSON.keys()
    assert {film.film_id for film in asked} <= set(model.film_ids.tolist())
    with pytest.raises(InputError, match="k is 0"):
        model.what_to_rate_next({}, k=0)
