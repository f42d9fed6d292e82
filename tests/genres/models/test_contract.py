"""What every tagger of the zoo does; a new one joins by its name in the registry."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import tiny_encoder as tiny

from cinefile import load_tagger
from cinefile.errors import InputError

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")
pytestmark = pytest.mark.train

from cinefile.genres import models  # noqa: E402

LABELS = ["Crime", "Horror", "Romance", "Western"]
FILMS = tiny.films(80)
TEXTS = [f.plot for f in FILMS]
NAMES = [set(f.genres) for f in FILMS]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("checkpoint") / "bert")


def _settings(name: str, checkpoint: Path) -> dict[str, Any]:
    return {
        "linear": {"features": "tfidf"},
        "forest": {"features": "counts", "trees": 20},
        "dense": {"features": "counts", "layers": (16,), "epochs": 40, "rate": 5e-3},
        "transformer": {"checkpoint": str(checkpoint), "epochs": 8, "rate": 5e-3, "limit": 32, "batch": 16},
    }[name]


@pytest.fixture(scope="module", params=list(models.TAGGERS))
def fitted(request: pytest.FixtureRequest, checkpoint: Path) -> Any:
    # Two threads on a busy machine wait for each other far longer than these tiny nets compute.
    torch.set_num_threads(1)
    return models.make(request.param, **_settings(request.param, checkpoint)).fit(TEXTS, NAMES)


class TestContract:
    def test_labels_and_probabilities(self, fitted: Any) -> None:
        assert fitted.labels == LABELS
        p = fitted.predict_proba(TEXTS[:7])
        assert p.shape == (7, 4)
        assert ((p >= 0) & (p <= 1)).all()

    def test_it_learns(self, fitted: Any) -> None:
        fresh = tiny.films(40, seed=5)
        p = fitted.predict_proba([f.plot for f in fresh])
        right = np.mean([LABELS[row.argmax()] in f.genres for row, f in zip(p, fresh, strict=True)])
        assert right > 0.8

    def test_order_of_texts_does_not_matter(self, fitted: Any) -> None:
        p, q = fitted.predict_proba(TEXTS[:9]), fitted.predict_proba(TEXTS[:9][::-1])[::-1]
        np.testing.assert_allclose(p, q, atol=0.02)

    def test_save_and_load_give_the_same(self, fitted: Any, tmp_path: Path) -> None:
        again = models.load(fitted.save(tmp_path / "model"))
        assert again.labels == fitted.labels
        np.testing.assert_allclose(again.predict_proba(TEXTS[:5]), fitted.predict_proba(TEXTS[:5]), atol=1e-6)
        assert not list((tmp_path / "model").glob("*.pkl"))

    def test_explanation_names_the_word(self, fitted: Any) -> None:
        why = fitted.explain("a ghost haunts the old house", "Horror")
        assert {c.text for c in why[:4]} & {"ghost", "haunts", "old", "house", "ghost haunts", "old house"}
        with pytest.raises(InputError, match="no label"):
            fitted.explain("x", "Opera")

    def test_it_is_a_scikit_learn_estimator(self, fitted: Any) -> None:
        from sklearn.base import clone

        copy = clone(fitted)
        assert copy.get_params() == fitted.get_params()
        assert not hasattr(copy, "labels")
        assert clone(fitted).set_params(**fitted.get_params()).get_params() == fitted.get_params()

    def test_wrong_targets_are_refused(self, fitted: Any) -> None:
        from sklearn.base import clone

        with pytest.raises(InputError, match="rows of targets"):
            clone(fitted).fit(TEXTS[:3], np.zeros((2, 4)))
        with pytest.raises(InputError, match="no texts"):
            clone(fitted).fit([], np.zeros((0, 4)))


def test_a_fine_tuning_keeps_its_curves_and_goes_on(checkpoint: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    told: list[tuple[int, int]] = []
    settings = _settings("transformer", checkpoint) | {"epochs": 2, "run": str(tmp_path)}

    def stop(done: int, of: int, note: str) -> None:
        told.append((done, of))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        models.make("transformer", **settings, progress=stop).fit(TEXTS, NAMES)
    # Stopped after the second epoch's steps, before its checkpoint: a second run repeats that epoch alone.
    again: list[int] = []
    made = models.make("transformer", **settings, progress=lambda done, of, note: again.append(done))
    made.fit(TEXTS, NAMES)
    assert told[0][0] * 2 == told[0][1]
    assert again == [told[0][1]]
    assert (tmp_path / "curves.png").stat().st_size > 1000
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {"loss", "validation log loss", "validation macro AUC"} <= set(lines[-1])
    with pytest.raises(InputError, match="other settings or data"):
        models.make("transformer", **settings | {"rate": 1e-3}).fit(TEXTS, NAMES)


def test_a_fitted_tagger_serves_as_any_other(tmp_path: Path) -> None:
    fitted = models.make("linear").fit(TEXTS, NAMES)
    served = load_tagger(fitted.save(tmp_path / "model"))
    np.testing.assert_allclose(served.predict_proba(TEXTS[:5]), fitted.predict_proba(TEXTS[:5]), atol=1e-5)
    assert served.predict([TEXTS[0]], top=1)[0][0].genre in NAMES[0]
    assert served.explain("a ghost in a house", genres=["Horror"])["Horror"][0].text in ("ghost", "house")


def test_linear_explanations_add_up() -> None:
    tagger = models.make("linear").fit(TEXTS, NAMES)
    text = "a ghost haunts the desert"
    total = sum(c.weight for c in tagger.explain(text, "Horror"))
    p = tagger.predict_proba([text])[0, LABELS.index("Horror")]
    bias = tagger._bias[LABELS.index("Horror")]
    assert np.log(p / (1 - p)) == pytest.approx(total + bias, rel=1e-3)


def test_forest_equals_scikit_learns() -> None:
    from sklearn.ensemble import RandomForestClassifier

    tagger = models.make("forest", trees=10, seed=3).fit(TEXTS, NAMES)
    x = tagger._features.transform(TEXTS)
    y = np.array([[name in row for name in LABELS] for row in NAMES], dtype=np.float32)
    theirs = RandomForestClassifier(10, random_state=3).fit(x, y).predict_proba(x)
    np.testing.assert_allclose(tagger.predict_proba(TEXTS), np.stack([p[:, 1] for p in theirs], axis=1), atol=1e-6)


def test_grid_search_over_a_tagger() -> None:
    from sklearn.model_selection import GridSearchCV

    y = np.array([[name in row for name in LABELS] for row in NAMES], dtype=np.float32)
    search = GridSearchCV(models.make("linear"), {"strength": [0.1, 10.0]}, cv=2, scoring=_score)
    search.fit(np.array(TEXTS, dtype=object), y)
    assert search.best_params_["strength"] in (0.1, 10.0)


def _score(tagger: Any, texts: Any, y: np.ndarray) -> float:
    return float((tagger.predict(list(texts)) == y).mean())


def test_a_flat_list_of_names_teaches_names_and_no_letters() -> None:
    names = [sorted(row)[0] for row in NAMES]
    flat, nested = (models.make("linear").fit(TEXTS, y) for y in (names, [[name] for name in names]))
    assert flat.labels == nested.labels == sorted(set(names))
    np.testing.assert_array_equal(flat.predict_proba(TEXTS[:5]), nested.predict_proba(TEXTS[:5]))
    with pytest.raises(InputError, match="one string"):
        models.make("linear").fit(["a"], "Western")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(InputError, match="no tagger"):
        models.make("oracle")
