import numpy as np
import pytest
from scipy.special import expit

from cinefile.genres import calibration as c


def test_platt_finds_the_distortion_it_was_given() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(0, 2, (4000, 2)).astype(np.float32)
    y = (rng.random(z.shape) < expit(0.5 * z - 1)).astype(np.float32)
    pairs = c.fit_platt(z, y)
    np.testing.assert_allclose(pairs, [[0.5, -1]] * 2, atol=0.1)
    p = c.apply_platt(z, pairs)
    assert c.calibration_error(p[:, 0], y[:, 0]) < 0.03 < c.calibration_error(expit(z[:, 0].astype(float)), y[:, 0])


def test_rare_labels_lean_on_the_common_fit() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(0, 2, (300, 3)).astype(np.float32)
    y = (rng.random(z.shape) < expit(z)).astype(np.float32)
    y[:, 2] = rng.random(300) < 0.02
    free, drawn = (c.fit_platt(z, y, prior)[2] for prior in (0.01, 50.0))
    common = c.fit_platt(z, y, 1e9)[2]
    assert np.abs(drawn - common).sum() < 0.8 * np.abs(free - common).sum()


def test_threshold_has_the_best_expected_f1() -> None:
    p = np.array([0.9, 0.8, 0.3, 0.1, 0.05])
    found = c.best_thresholds(p[:, None])[0]

    def expected(t: float) -> float:
        return 2 * p[p >= t].sum() / ((p >= t).sum() + p.sum())

    assert expected(found) == max(expected(t) for t in p)


def test_temperature_softens_what_is_too_sure() -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(0, 1, (3000, 4))
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    classes = np.array([rng.choice(4, p=row) for row in p])
    assert c.fit_temperature((z * 2.5).astype(np.float32), classes) == pytest.approx(2.5, rel=0.15)
    np.testing.assert_allclose(c.softmax(z.astype(np.float32)).sum(axis=1), 1)
