import json
import math
from pathlib import Path

from cinefile.evaluation.result import Result


def test_rows_of_an_earlier_run_are_kept_unless_redone(tmp_path: Path) -> None:
    columns = ("model", "AUC", "fit s")
    Result("p", "d", columns, [["a", 0.5, math.nan], ["b", 0.6, 2.0]], {"seed": 1, "kept": "yes"}).write(tmp_path)
    text = (tmp_path / "p.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert json.loads(text)["models"][0]["fit s"] is None
    made = Result("p", "d", columns, [["c", 0.8, 1.0], ["b", 0.7, 3.0]], {"seed": 2}).merged(tmp_path / "p.json")
    assert [row[0] for row in made.rows] == ["a", "b", "c"]
    assert made.value("b", "AUC") == 0.7
    assert math.isnan(made.value("a", "fit s"))
    assert made.details == {"seed": 2, "kept": "yes"}
    assert made.merged(tmp_path / "missing.json") is made
