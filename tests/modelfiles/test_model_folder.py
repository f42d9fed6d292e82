import os
from pathlib import Path

import numpy as np
import pytest

from cinefile.errors import ModelError
from cinefile.modelfiles import ModelFolder, is_model_folder, model_folder, write_folder


def _write(path: Path, value: float = 1.0) -> Path:
    return write_folder(
        path, kind="demo", facts={"labels": ["a", "b"]}, arrays={"w": np.full((2, 3), value)}, card="# Demo\n"
    )


def test_round_trip(tmp_path: Path) -> None:
    folder = ModelFolder(_write(tmp_path / "m"), kind="demo")
    assert folder.facts["labels"] == ["a", "b"]
    assert np.array_equal(folder.arrays()["w"], np.ones((2, 3)))
    assert folder.card() == "# Demo\n"


def test_replaces_a_model_and_leaves_nothing_behind(tmp_path: Path) -> None:
    _write(tmp_path / "m")
    _write(tmp_path / "m", 2.0)
    assert ModelFolder(tmp_path / "m").arrays()["w"][0, 0] == 2.0
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_a_failed_write_keeps_the_old_model(tmp_path: Path) -> None:
    _write(tmp_path / "m")

    def fail(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ModelError, match="No space left"):
        write_folder(tmp_path / "m", kind="demo", facts={}, extra=fail)
    assert ModelFolder(tmp_path / "m").facts["labels"] == ["a", "b"]
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_refuses_to_overwrite_what_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "thesis.txt").write_text("mine")
    with pytest.raises(ModelError, match="not a model folder"):
        _write(tmp_path / "m")
    assert (tmp_path / "m" / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["arrays.safetensors", "model.json", "CARD.md"])
def test_damage_is_noticed(tmp_path: Path, name: str) -> None:
    file = _write(tmp_path / "m") / name
    file.write_bytes(file.read_bytes()[:-1] + b"#")
    with pytest.raises(ModelError, match="checksum"):
        ModelFolder(tmp_path / "m")


def test_a_missing_file_a_wrong_kind_and_a_newer_format(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model folder"):
        ModelFolder(tmp_path)
    _write(tmp_path / "m")
    with pytest.raises(ModelError, match="kind 'demo'"):
        ModelFolder(tmp_path / "m", kind="factor")
    newer = write_folder(tmp_path / "n", kind="demo", facts={"format": 99})
    with pytest.raises(ModelError, match="newer"):
        ModelFolder(newer)
    (tmp_path / "m" / "CARD.md").unlink()
    with pytest.raises(ModelError, match=r"lacks CARD\.md"):
        ModelFolder(tmp_path / "m")


_NO_PROCESS = 2**22 + 1  # above the largest number that Linux gives a process


@pytest.mark.parametrize("at_once", [True, False])
def test_an_exchange_leaves_a_whole_model_wherever_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    if not at_once:
        monkeypatch.setattr(model_folder, "_exchange", lambda one, other: False)
    _write(tmp_path / "m")
    _write(tmp_path / "m", 2.0)
    assert ModelFolder(tmp_path / "m").arrays()["w"][0, 0] == 2.0
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_a_model_left_aside_by_a_kill_is_brought_back(tmp_path: Path) -> None:
    _write(tmp_path / "m")
    (tmp_path / "m").rename(tmp_path / f".m.{_NO_PROCESS}.x.old")  # killed between the two renames
    _write(tmp_path / f".m.{_NO_PROCESS}.x", 2.0)
    assert is_model_folder(tmp_path / "m")
    assert ModelFolder(tmp_path / "m").arrays()["w"][0, 0] == 1.0
    _write(tmp_path / "m", 3.0)
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_what_a_running_process_writes_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / f".m.{os.getppid()}.x"
    theirs.mkdir()
    _write(tmp_path / "m")
    assert theirs.is_dir()


def test_a_manifest_without_files_is_no_model(tmp_path: Path) -> None:
    _write(tmp_path / "m")
    (tmp_path / "m" / "manifest.json").write_text("{}")
    with pytest.raises(ModelError, match="lists no files"):
        ModelFolder(tmp_path / "m")
