"""Plots tagged on a cluster get what one machine gives them."""

import json
from pathlib import Path
from typing import Any

import pytest

from cinefile.genres import load_tagger, plot_files
from cinefile.genres.plot_files import tag_file as tag_here
from cinefile.spark.batch_jobs import chunk_name, tag_file
from cinefile.spark.shared_files import Folder

pytestmark = pytest.mark.spark


def lines(files: list[Path]) -> list[dict[str, Any]]:
    found = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return sorted(found, key=lambda row: int(row["row"]))


def test_the_same_tags(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The encoder's eight bits are scaled by what else is in a batch: equal chunks, equal tags.
    monkeypatch.setattr(plot_files, "BATCH", 2)
    plots = [
        "A cowboy doll fears a spaceman.",
        "",
        "Two strangers fall in love on a ship.",
        "A shark terrorises a town.",
    ]
    source = tmp_path / "plots.jsonl"
    source.write_text("".join(json.dumps({"plot": p, "title": f"T{n}"}) + "\n" for n, p in enumerate(plots)))
    here, there = tmp_path / "here.jsonl", tmp_path / "there"
    expected = tag_here(load_tagger(), source, here)
    found = tag_file(spark, None, source, Folder(str(there)), chunk=2)
    assert found == expected
    for ours, theirs in zip(lines([here]), lines(sorted(there.glob("*.tags.jsonl"))), strict=True):
        assert (ours["row"], ours["title"], ours.get("notes")) == (theirs["row"], theirs["title"], theirs.get("notes"))
        assert [g["genre"] for g in ours["genres"]] == [g["genre"] for g in theirs["genres"]]
        assert [g["probability"] for g in ours["genres"]] == pytest.approx(
            [g["probability"] for g in theirs["genres"]], abs=2e-4
        )
    refused = lines([tmp_path / "here.jsonl.rejected.jsonl"])
    assert lines(sorted(there.glob("*.rejected.jsonl"))) == refused
    # Chunks that are done are not done again; another threshold is another run.
    (there / chunk_name(1)).unlink()
    assert tag_file(spark, None, source, Folder(str(there)), chunk=2).skipped == 2
    assert tag_file(spark, None, source, Folder(str(there)), chunk=2, threshold=0.5).skipped == 0
