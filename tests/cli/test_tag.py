"""`cinefile tag` and `cinefile train genres` on the shipped tagger."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cinefile.cli.app import app
from cinefile.errors import InputError

RUN = CliRunner()
PLOT = "A sheriff and an outlaw gunslinger face each other in a dusty frontier town in the old West."


def _json(*args: str) -> dict[str, object]:
    result = RUN.invoke(app, [*args, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    document: dict[str, object] = json.loads(result.stdout)
    return document


def test_one_plot() -> None:
    genres = _json("tag", PLOT)["genres"]
    assert genres[0]["genre"] == "Western"  # type: ignore[index]
    assert all(g["probability"] >= 0.1 for g in genres)  # type: ignore[attr-defined]
    only = _json("tag", PLOT, "--model", "imdb27", "--top", "2")["genres"]
    assert [len(only), only[0]["genre"]] == [2, "western"]  # type: ignore[arg-type,index]


def test_reasons_and_notes() -> None:
    document = _json("tag", PLOT, "--explain", "--top", "1")
    words = {w["text"] for w in document["why"]["Western"]}  # type: ignore[index]
    assert words & {"sheriff", "outlaw", "gunslinger", "frontier", "west"}
    assert "words" in _json("tag", "A shark attacks.")["notes"][0]  # type: ignore[index]


@pytest.mark.parametrize("args", [["tag"], ["tag", "x", "--file", "y"], ["tag", " "], ["tag", "x", "--threshold", "2"]])
def test_mistakes_are_named(args: list[str]) -> None:
    with pytest.raises(InputError):
        RUN.invoke(app, args, catch_exceptions=False)


def test_a_file_and_own_labels(tmp_path: Path) -> None:
    source = tmp_path / "films.csv"
    rows = [f'"{PLOT} No. {i}",frontier' for i in range(6)]
    rows += [f'"Two shy people fall in love in spring in Paris, number {i}.",' for i in range(6)]
    source.write_text("plot,tags\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert _json("tag", "--file", str(source))["tagged"] == 12
    assert len((tmp_path / "films.genres.jsonl").read_text(encoding="utf-8").splitlines()) == 12
    own = str(tmp_path / "own")
    assert _json("train", "genres", "--data", str(source), "--out", own, "--column", "tags")["labels"] == ["frontier"]
    genres = _json("tag", "The sheriff of a frontier town hunts an outlaw.", "--model", own, "--threshold", "0")[
        "genres"
    ]
    love = _json("tag", "Two people fall in love in Paris.", "--model", own, "--threshold", "0")["genres"]
    assert genres[0]["probability"] > 0.5 > love[0]["probability"]  # type: ignore[index]


def test_tagging_loads_nothing_heavy() -> None:
    code = (
        "import sys; import cinefile; cinefile.load_tagger().predict_proba(['a plot']);"
        "print([m for m in ('torch','sklearn','transformers','pandas','matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
