"""A checkpoint is of one run, whole or not there, and says so where it is damaged."""

from pathlib import Path

import numpy as np
import pytest

from cinefile.errors import ModelError
from cinefile.taste.checkpoint import Checkpoint, LocalFolder


def test_the_last_round_of_the_same_run_alone(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path / "rounds")
    mine, other = Checkpoint(folder, {"seed": 0}), Checkpoint(folder, {"seed": 1})
    assert mine.last() is None
    mine.keep({"mean": np.arange(3.0)}, {"done": 1})
    mine.keep({"mean": np.arange(4.0)}, {"done": 2})
    assert [file.name for file in (tmp_path / "rounds").iterdir()] == ["round.npz"]
    arrays, facts = mine.last() or ({}, {})
    assert arrays["mean"].tolist() == [0, 1, 2, 3]
    assert facts["done"] == 2
    assert other.last() is None
    other.clear()
    assert mine.last() is not None
    mine.clear()
    assert not (tmp_path / "rounds").exists()


def test_a_damaged_round_is_named(tmp_path: Path) -> None:
    checkpoint = Checkpoint(LocalFolder(tmp_path / "rounds"), {})
    checkpoint.keep({"mean": np.zeros(1000)}, {"done": 1})
    file = tmp_path / "rounds" / "round.npz"
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(ModelError, match="damaged"):
        checkpoint.last()
