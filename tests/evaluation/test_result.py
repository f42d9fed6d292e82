import json
import math
from datetime import date
from pathlib import Path

from cinefile.evaluation.result import Result

COLUMNS = ("model", "AUC", "fit s")


def test_rows_of_an_earlier_run_are_kept_unless_redone(tmp_path: Path) -> None:
    Result("p", "d", COLUMNS, [["a", 0.5, math.nan], ["b", 0.6, 2.0]], {"seed": 1, "shares": [0.2]}).write(tmp_path)
    text = (tmp_path / "p.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert json.loads(text)["models"][0]["fit s"] is None
    made = Result("p", "d", COLUMNS, [["c", 0.8, 1.0], ["b", 0.7, 3.0]], {"seed": 2}).merged(tmp_path / "p.json")
    assert [row[0] for row in made.rows] == ["a", "b", "c"]
    assert made.value("b", "AUC") == 0.7
    assert math.isnan(made.value("a", "fit s"))
    assert made.details == {"seed": 2, "shares": [0.2]}
    assert made.merged(tmp_path / "missing.json") is made


def test_every_row_says_how_and_when_it_was_measured(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"protocol": "p", "models": [{"model": "old", "AUC": 0.1, "fit s": 1}]}), "utf-8")
    Result("p", "d", COLUMNS, [["a", 0.5, 1.0]]).merged(file).write(tmp_path)
    first = json.loads(file.read_text(encoding="utf-8"))
    assert first["command"] == "cinefile evaluate p --models a --data FOLDER --out RESULTS --merge"
    assert first["date"] == date.today().isoformat()
    assert first["machine"]["cores"] >= 1
    # What was never written down is not made up.
    assert first["kept"] == {"old": {"command": "", "date": ""}}
    Result("p", "d", COLUMNS, [["b", 0.5, 1.0]]).merged(file).write(tmp_path)
    second = json.loads(file.read_text(encoding="utf-8"))
    assert "--models b " in second["command"]
    assert second["kept"] == {**first["kept"], "a": {"command": first["command"], "date": first["date"]}}
