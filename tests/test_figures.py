"""Every figure that README and docs print is the one in benchmarks/results."""

import ast
import json
import re
from pathlib import Path

import pytest
from benchmarks.__main__ import NAMES
from benchmarks._figures import ROOT, pages, stale, written
from benchmarks._tables import TABLES, each, named

from cinefile.evaluation import PROTOCOLS

TABLE = [
    "| error | factor | others |",
    *each("| <row> | **{errors / <key> / RMSE:.4f}** ± {… / ±:.3f} | 0.9 |", named("factor")),
]
TEXT = """# Title

<!-- table: errors -->

| error | factor | others |
|---|---|---|
| factor | **0.8173** ± 0.002 | 0.9 |

Measured by `cinefile evaluate errors`.

<!-- /table -->

It answers 1,736<!-- = speed / a / b --> times a second,
and 3.0<!-- = speed / runs / kind=x|y / n ÷ speed / a / c --> times.
Prose with 5 in it.
"""


def test_printed_figures_are_the_measured_ones() -> None:
    assert not (problems := stale()), "\n".join(problems)


def test_every_table_is_printed_once() -> None:
    markers = re.findall(r"^<!-- table: (\S+) -->$", "\n".join(p.read_text(encoding="utf-8") for p in pages()), re.M)
    assert sorted(markers) == sorted(TABLES)


@pytest.mark.parametrize("page", ["README.md", "docs/figures.md", "docs/genres.md", "docs/taste.md", "docs/page.md"])
def test_no_table_of_figures_is_written_by_hand(page: str) -> None:
    text = re.sub(r"<!-- table: .*?<!-- /table -->", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    rows = re.findall(r"^\|.*\d\.\d{2,}.*$", text, re.MULTILINE)
    assert not rows, f"{page}: declare these rows in benchmarks/_tables.py: {rows}"


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks" / "results").glob("*.json")), ids=lambda f: f.stem)
def test_every_result_can_be_measured_again(file: Path) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    command = document.get("command", f"cinefile evaluate {document.get('protocol')}")
    if found := re.match(r"(?:\w+=\S+ )?python -m benchmarks[ .](\w+)", command):
        assert found[1] in NAMES, command
    else:
        assert re.match(r"cinefile evaluate (\S+)", command)[1] in PROTOCOLS, command  # type: ignore[index]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "benchmarks" / "results"
    folder.mkdir(parents=True)
    errors = {
        "protocol": "errors",
        "models": [{"model": "als", "RMSE": 1}, {"model": "factor", "RMSE": 0.81734, "±": 0.0021}],
    }
    runs = [{"kind": "x", "n": 4}, {"kind": "y", "n": 2}, {"kind": "z", "n": 9}]
    speed = {"command": "python -m benchmarks speed", "a": {"b": 1736.4, "c": 2}, "runs": runs}
    (folder / "errors.json").write_text(json.dumps(errors), encoding="utf-8")
    (folder / "speed.json").write_text(json.dumps(speed), encoding="utf-8")
    return folder


def test_figures_and_commands_come_from_the_results(results: Path) -> None:
    assert written(TEXT, results, {"errors": TABLE}) == TEXT


@pytest.mark.parametrize(
    ("right", "wrong"), [("0.8173", "0.8174"), ("1,736", "1,737"), ("0.9 |", "0.8 |"), ("errors`", "others`")]
)
def test_a_wrong_figure_is_found_and_put_right(results: Path, tmp_path: Path, right: str, wrong: str) -> None:
    changed = TEXT.replace(right, wrong)
    (tmp_path / "README.md").write_text(changed, encoding="utf-8")
    (problem,) = stale(tmp_path, results, {"errors": TABLE})
    assert problem.startswith("README.md is stale, run `make figures`: 1 lines change: ")
    assert right in problem
    assert written(changed, results, {"errors": TABLE}) == TEXT


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("table: errors", "table: nosuch", "nosuch"),
        ("speed / a / b", "speed / a / d", "speed / a / d: there is no 'd' among b, c"),
        ("speed / a / b", "pace / a / b", "there is no results file pace.json"),
        ("speed / a / b", "speed / a", "speed / a is no number"),
    ],
)
def test_a_source_that_is_not_there_is_named(results: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        written(TEXT.replace(old, new), results, {"errors": TABLE})


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_can_be_called_by_make_bench(name: str) -> None:
    tree = ast.parse((ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8"))
    mains = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    assert [[a.arg for a in m.args.args] for m in mains] == [["full"]], f"benchmarks/{name}.py needs main(full)"
