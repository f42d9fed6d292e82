"""Every figure that README and docs print is the one in benchmarks/results (docs/figures.toml says which)."""

import ast
import json
import re
from pathlib import Path

import pytest
from benchmarks.__main__ import NAMES
from benchmarks._figures import ROOT, Texts

from cinefile.evaluation import PROTOCOLS

TEXT = """# Title

## How good it is

| what | ours | others |
|---|---|---|
| error, 90/10, `seed 3` | **0.8173** ± 0.002 | 0.9 |
| pace | 1,736 a second, 61% | 3 times |

Prose with 5 in it.
"""
ENTRIES = """
complete = ["README.md#How good it is"]
["README.md"]
"| error…| {} ± {} | 0.9 |" = ["errors / factor / RMSE", "errors / factor / ±"]
"| {} a second, {}% | {} times |" = ["speed / a / b", "speed / share", "speed / runs / kind=x|y / n ÷ speed / a / c"]
"""


def test_printed_figures_are_the_measured_ones() -> None:
    assert not (problems := Texts().problems), "\n" + "\n".join(problems)


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks" / "results").glob("*.json")), ids=lambda f: f.stem)
def test_every_result_can_be_measured_again(file: Path) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    command = document.get("command", f"cinefile evaluate {document.get('protocol')}")
    if found := re.match(r"(?:\w+=\S+ )?python -m benchmarks[ .](\w+)", command):
        assert found[1] in NAMES, command
    else:
        assert re.match(r"cinefile evaluate (\S+)", command)[1] in PROTOCOLS, command  # type: ignore[index]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    results = tmp_path / "benchmarks" / "results"
    results.mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "docs" / "figures.toml").write_text(ENTRIES, encoding="utf-8")
    errors = {
        "protocol": "errors",
        "models": [{"model": "als", "RMSE": 1}, {"model": "factor", "RMSE": 0.81734, "±": 0.0021}],
    }
    runs = [{"kind": "x", "n": 4}, {"kind": "y", "n": 2}, {"kind": "z", "n": 9}]
    speed = {"a": {"b": 1736.4, "c": 2}, "share": 0.6149, "runs": runs}
    (results / "errors.json").write_text(json.dumps(errors), encoding="utf-8")
    (results / "speed.json").write_text(json.dumps(speed), encoding="utf-8")
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_rounded_figures_agree(root: Path) -> None:
    texts = Texts(root)
    assert texts.problems == []
    assert len(texts.figures) == 5


def test_a_wrong_figure_is_found_and_put_right(root: Path) -> None:
    change(root / "README.md", "0.8173", "0.8174")
    change(root / "README.md", "61%", "62%")
    problems = Texts(root).problems
    assert len(problems) == 2
    assert "README.md:7: prints 0.8174, but errors / factor / RMSE is 0.81734: write 0.8173" in problems[0]
    assert len(Texts(root).write()) == 2
    assert (root / "README.md").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("row", ["| new | 0.5 | – |", "| error too | – | other: 0.7 |"])
def test_a_figure_without_entry_is_found(root: Path, row: str) -> None:
    change(root / "README.md", "| pace", f"{row}\n| pace")
    (problem,) = Texts(root).problems
    assert problem.startswith("README.md:8: 0.")
    assert "has no entry" in problem


def test_a_text_that_was_reworded_is_found(root: Path) -> None:
    change(root / "README.md", "a second", "every second")
    problems = Texts(root).problems
    assert "stands 0 times" in problems[0]
    assert "Nearest line: '| pace |" in problems[0]


def test_a_result_that_is_gone_is_found(root: Path) -> None:
    change(root / "docs" / "figures.toml", "speed / share", "speed / part")
    assert any("'speed / part'" in p and "no 'part' among a, share, runs" in p for p in Texts(root).problems)


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_can_be_called_by_make_bench(name: str) -> None:
    tree = ast.parse((ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8"))
    mains = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    assert [[a.arg for a in m.args.args] for m in mains] == [["full"]], f"benchmarks/{name}.py needs main(full)"
