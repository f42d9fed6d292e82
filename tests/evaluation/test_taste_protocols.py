"""Protocols on a small world; a model that memorises what it was shown must come out no better than the bias."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.taste.ratings_fixture import small_world

from cinefile.errors import InputError
from cinefile.evaluation import taste_protocols as protocols
from cinefile.evaluation.ranking_metrics import concordance, coverage, gini, ndcg, recall
from cinefile.evaluation.result import Result
from cinefile.evaluation.splits import (
    Ratings,
    check_disjoint,
    film_split,
    most_active,
    random_split,
    time_split,
    user_split,
)
from cinefile.evaluation.taste_protocols import cold_protocol
from cinefile.taste.content_features import FilmFeatures, film_features
from cinefile.taste.models.bias import BiasModel
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import RatingTable


def ratings() -> Ratings:
    users, films, stars = small_world(people=120)
    times = np.random.default_rng(2).integers(0, 1_000_000, len(users))
    return Ratings(users, films, stars.astype(np.float32), times)


class Memoriser(RatingModel):
    """Knows every rating it was shown by heart, and nothing else: a leak would make it perfect."""

    kind = "memoriser"

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        self.stars = table.stars.toarray()

    def _stars(self, people: sp.csr_matrix) -> NDArray[Any]:
        given = people.toarray()
        return np.where(given > 0, given, 1.0)

    def _ranking(self, people: sp.csr_matrix, stars: NDArray[Any]) -> NDArray[Any]:
        return np.array([self.stars[0]] * people.shape[0])

    def _deviation(self, people: sp.csr_matrix) -> NDArray[Any]:
        return np.full((people.shape[0], len(self.film_ids)), 0.01)

    def _contributions(self, person: sp.csr_matrix, films: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        return np.zeros(len(films)), np.zeros((len(films), person.nnz))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {}

    def _settings(self) -> dict[str, Any]:
        return {}


MODELS: dict[str, Callable[[], RatingModel]] = {
    "bias": BiasModel,
    "memoriser": Memoriser,
    "factor": lambda: FactorModel(factors=3, rounds=8),
}


def quiet(_: str) -> None:
    pass


def features() -> Any:
    films = np.unique(ratings().films)
    return film_features(films, [["A"] if (f - 7) // 3 % 2 == 0 else ["B"] for f in films], [1999] * len(films))


RUNS: dict[str, tuple[Callable[[], Result], str]] = {
    "random": (lambda: protocols.random_protocol("r", ratings(), MODELS, quiet, seeds=[0, 1]), "RMSE"),
    "time": (lambda: protocols.time_protocol("t", ratings(), MODELS, quiet), "RMSE"),
    "cold": (lambda: cold_protocol("c", ratings(), MODELS, quiet, features(), seeds=[0]), "RMSE"),
    "active": (
        lambda: protocols.active_protocol("a", ratings(), MODELS, quiet, users=60, films=30),
        "mean per-user RMSE",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_memoriser_fails_and_the_factor_model_does_well(name: str) -> None:
    run, column = RUNS[name]
    result = run()
    assert result.value("memoriser", column) > 1.2 * result.value("bias", column)
    assert result.value("factor", column) < 0.8 * result.value("bias", column)


def test_a_memoriser_fails_at_lists_and_intervals() -> None:
    lists = protocols.user_protocol("u", ratings(), MODELS, quiet, held=25)
    assert lists.value("memoriser", "NDCG@100") < lists.value("factor", "NDCG@100") - 0.1
    widths = protocols.interval_protocol(
        "i", ratings(), {n: MODELS[n] for n in ("memoriser", "factor")}, quiet, seeds=[0]
    )
    assert widths.value("memoriser", "inside 80%") < 0.3
    assert 0.7 < widths.value("factor", "inside 80%") < 0.9


def test_cold_films_are_put_in_order_by_content_alone() -> None:
    result = RUNS["cold"][0]()
    assert result.value("bias", "pairs in order") == 0.5
    assert result.value("factor without content", "pairs in order") == 0.5
    assert result.value("factor", "pairs in order") > 0.7
    assert result.value("factor", "NDCG@20") > result.value("bias", "NDCG@20") + 0.1
    assert result.value("factor without content", "RMSE") < 1.03 * result.value("bias", "RMSE")
    assert 0.7 < result.value("factor", "inside 80%") < 0.97


def test_concordance_by_hand() -> None:
    people, stars = np.array([1, 1, 1, 2, 2]), np.array([5.0, 3.0, 3.0, 1.0, 2.0])
    # Person 1: (5, 3) right, (5, 3) equal; the two threes are no pair. Person 2: wrong.
    assert concordance(people, np.array([4.0, 2.0, 4.0, 3.0, 1.0]), stars) == 0.5


def test_splits_do_not_overlap_and_lose_nothing() -> None:
    every = ratings()
    for split in (random_split(every, 0.1, 0), time_split(every, 0.2), film_split(every, 0.1, 0)):
        assert not set(split.train.keys.tolist()) & set(split.test.keys.tolist())
        assert len(split.train.users) + len(split.test.users) == len(every.users)
    assert time_split(every, 0.2).train.times.max() < time_split(every, 0.2).test.times.min()  # type: ignore[union-attr]
    cold = film_split(every, 0.1, 0)
    assert not set(cold.train.films.tolist()) & set(cold.test.films.tolist())


def test_doubles_cannot_straddle_a_split() -> None:
    every = ratings()
    twice = Ratings(*(np.concatenate([a, a]) for a in every))
    split = random_split(twice, 0.5, 0)
    assert len(split.train.users) + len(split.test.users) == len(every.users)
    with pytest.raises(InputError, match=r"ratings asked about were shown"):
        check_disjoint(every, every.take(np.arange(5)))


def test_held_out_people_are_unknown_and_asked_about_what_was_not_given() -> None:
    split = user_split(ratings(), 20, 0)
    train = set(split.train.users.tolist())
    assert len(train) == 80
    for person in (*split.validation, *split.test):
        assert not person.given.keys() & set(person.asked.tolist())
        assert min(person.given.values()) >= 4.0
    assert user_split(ratings(), 20, 0).test[3].given == split.test[3].given


def test_most_active_keeps_the_most_rated() -> None:
    part = most_active(ratings(), 10, 5)
    assert len(np.unique(part.films)) == 5
    counts = dict(zip(*np.unique(ratings().films, return_counts=True), strict=True))
    kept = set(part.films.tolist())
    assert min(counts[f] for f in kept) >= max(n for f, n in counts.items() if f not in kept)


def test_list_metrics_by_hand() -> None:
    ranked, wanted = np.array([5, 3, 9, 1]), np.array([3, 1, 8])
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    assert ndcg(ranked, wanted, 4) == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / ideal)
    assert ndcg(wanted, wanted, 100) == pytest.approx(1.0)
    assert recall(ranked, wanted, 2) == pytest.approx(0.5)
    assert coverage([ranked, wanted], 10) == pytest.approx(0.5)
    assert gini([np.arange(10)], 10) == pytest.approx(0.0)
    assert gini([np.array([1]), np.array([1])], 10) == pytest.approx(0.9)


def test_result_is_written(tmp_path: Path) -> None:
    result = Result("demo", "A demo.", ("model", "RMSE"), [["bias", 0.9], ["factor", 0.8]])
    files = result.write(tmp_path)
    assert files[0].read_text(encoding="utf-8").count("RMSE") == 2
    assert result.value("factor", "RMSE") == 0.8
