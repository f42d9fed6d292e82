import json
from pathlib import Path

from tests.cli.conftest import Run


def test_data_report(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "new" / "data.html"
    assert run("report", "data", "--out", str(out)).exit_code == 0
    numbers = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert {"figure": "films", "value": 40} in numbers["sections"]["overview"]["totals"]
    assert out.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")


def test_numbers_go_where_asked(run: Run, tmp_path: Path) -> None:
    out, numbers = tmp_path / "models.html", tmp_path / "figures.json"
    assert run("report", "models", "--out", str(out), "--json", str(numbers)).exit_code == 0
    assert json.loads(numbers.read_text(encoding="utf-8"))["report"] == "models"
    assert not out.with_suffix(".json").exists()


def test_page_and_numbers_need_two_files(run: Run, tmp_path: Path) -> None:
    out = str(tmp_path / "x.json")
    assert run("report", "models", "--out", out).exit_code == 2
    assert not Path(out).exists()


def test_results_that_are_not_there(run: Run, tmp_path: Path) -> None:
    assert run("report", "models", "--out", str(tmp_path / "m.html"), "--results", str(tmp_path / "no")).exit_code == 2
