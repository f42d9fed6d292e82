import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.reports.conftest import read, shown_numbers

from cinefile.errors import InputError, ModelError
from cinefile.evaluation import PROTOCOLS
from cinefile.evaluation.result import Result
from cinefile.modelfiles import write_folder
from cinefile.reports.charts import line
from cinefile.reports.model_report import models_report, render
from cinefile.reports.results import parts


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    result = Result(
        "imdb27", "Twenty-seven <genres>.", ("model", "accuracy", "seconds"), [("a", 0.5, 3), ("b", 0.25, 1)]
    )
    file = folder / "imdb27.json"
    file.write_text(json.dumps(result.document()), encoding="utf-8")
    speed = {
        "command": "python -m benchmarks speed",
        "date": "2025-02-03",
        "machine": {"cores": 2},
        "plots a second": 81.5,
    }
    (folder / "speed.json").write_text(json.dumps(speed), encoding="utf-8")
    return folder


def table(figures: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return next(p for p in parts(figures) if p.name == name).table.document()


def test_figures_and_commands(results: Path) -> None:
    report = models_report(results)
    sections = report.document()["sections"]
    assert sections["imdb27"]["models"] == [
        {"model": "a", "accuracy": 0.5, "seconds": 3},
        {"model": "b", "accuracy": 0.25, "seconds": 1},
    ]
    assert sections["imdb27"]["command"].startswith("cinefile evaluate imdb27")
    assert sections["speed"]["command"] == "python -m benchmarks speed"
    assert sections["speed"]["date"] == "2025-02-03"
    assert sections["speed"]["figures"] == [{"figure": "plots a second", "value": 81.5}]
    page = report.html()
    assert "python -m benchmarks speed" in page
    assert "Twenty-seven &lt;genres&gt;." in page
    assert {0.5, 0.25, 81.5} <= set(shown_numbers(page))
    checked = read(page)
    assert all(a.startswith(("#", "data:")) for a in checked.addresses)
    assert len(checked.ids) == len(set(checked.ids))


def test_what_is_not_measured_is_named(results: Path) -> None:
    missing = models_report(results).document()["sections"]["measured"]["not_yet_measured"]
    assert {row["protocol"] for row in missing} == set(PROTOCOLS) - {"imdb27"}


def test_shapes_of_results() -> None:
    figures = {
        "by_label": {"x": {"films": 3, "AUC": 0.9}, "y": {"films": 4}},
        "labels": ["x", "y", "z"],
        "confusion": [[5, 1, 0], [2, 6, 1], [0, 1, 9]],
        "curves": {"factor": [1.0, 0.9, float("nan")], "als": [1.2]},
        "accuracy_interval": [0.4, 0.6],
        "seeds": [3, 4],
        "nested": {"a": {"b": [1, {"c": 2}]}},
        "machine_load": 0.5,
    }
    assert [p.name for p in parts(figures)] == [
        "figures", "by_label", "confusion", "curves", "accuracy_interval", "seeds", "nested: a",
    ]  # fmt: skip
    assert table(figures, "by_label")[1] == {"name": "y", "films": 4, "AUC": None}
    assert table(figures, "confusion")[1] == {"true class": "y", "x": 2, "y": 6, "z": 1}
    assert table(figures, "curves")[2] == {"number": 3, "factor": None, "als": None}
    assert table(figures, "accuracy_interval") == [{"figure": "interval", "low": 0.4, "high": 0.6}]
    assert table(figures, "nested: a") == [{"figure": "b", "value": '[1, {"c": 2}]'}]


def test_bars_show_measurements_not_counts() -> None:
    picture = parts({"by_label": {"x": {"films": 3, "AUC": 0.9}, "y": {"films": 4, "AUC": 0.1}}})[0].picture
    assert "x: 0.9" in picture


def test_model_cards(tmp_path: Path) -> None:
    card = "# Toy\n\nSee [the docs](https://example.org/x).\n\n| a | b |\n|---|---|\n| 1 | <img src=x> |\n"
    write_folder(tmp_path / "toy.taste", kind="toy", facts={"factors": 7}, card=card)
    report = models_report(None, [tmp_path])
    section = next(s for s in report.sections if s.title == "Model: toy.taste")
    assert {"figure": "factors", "value": 7} in section.parts[0].table.document()
    assert "<h4>Toy</h4>" in section.html
    assert "the docs" in section.html
    page = report.html()
    assert "example.org" not in page
    assert "img" not in read(page).tags


def test_cards_are_harmless() -> None:
    assert render("<script>x</script> ![cat](cat.png)") == "<p>&lt;script&gt;x&lt;/script&gt; cat</p>\n"


def test_damaged_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        models_report(tmp_path / "nowhere")
    (tmp_path / "bad.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.json"):
        models_report(tmp_path)
    write_folder(tmp_path / "m" / "toy", kind="toy", facts={})
    (tmp_path / "m" / "toy" / "model.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="checksum"):
        models_report(None, [tmp_path / "m"])


def test_curves_are_drawn() -> None:
    figures = {"reliability": {"x": "probability", "y": "share", "points": {"after": [[0.1, 0.2], [0.9, 0.8]]}}}
    (part,) = parts(figures)
    assert part.table.document()[0] == {"name": "after", "probability": 0.1, "share": 0.2}
    assert "after: from 0.2 at 0.1 to 0.8 at 0.9" in part.picture
    assert 'role="img"' in part.picture


def test_tables_inside_tables_are_opened() -> None:
    figures = {
        "fit": {"factors": 16, "seconds": {"als": {"wall": 2.0}, "factor": {"wall": 3.0}}},
        "runs": {"als": [{"seed": 0, "rmse": 0.9}, {"seed": 1, "rmse": 0.8}]},
    }
    assert [p.name for p in parts(figures)] == ["fit", "fit: seconds", "runs"]
    assert table(figures, "fit: seconds") == [{"name": "als", "wall": 2.0}, {"name": "factor", "wall": 3.0}]
    assert table(figures, "runs")[1] == {"name": "als", "seed": 1, "rmse": 0.8}


def test_training_logs_become_learning_curves(tmp_path: Path) -> None:
    run = tmp_path / "run" / "stage"
    run.mkdir(parents=True)
    (run / "log.jsonl").write_text('{"step": 20, "loss": 0.5}\n{"step": 40, "loss": 0.25, "of": 40}\n', "utf-8")
    section = next(s for s in models_report(None, [tmp_path]).sections if s.name == "training-1")
    assert section.title == "Training: run/stage"
    assert [p.name for p in section.parts] == ["loss"]
    assert section.parts[0].table.rows == (("loss", 20.0, 0.5), ("loss", 40.0, 0.25))
    (run / "log.jsonl").write_text("[1]\n", "utf-8")
    with pytest.raises(InputError, match=r"log\.jsonl, line 1"):
        models_report(None, [tmp_path])


def test_our_models_stand_beside_the_others(results: Path) -> None:
    rows = [["shipped", 0.6, 1], ["a", 0.5, 3], ["b", 0.25, 1]]
    Result("imdb27", "d", ("model", "accuracy", "seconds"), rows).write(results)
    sections = models_report(results).document()["sections"]
    (row,) = sections["measured"]["at_a_glance"]
    assert list(row.values()) == ["imdb27", "accuracy", "shipped", 0.6, 0.25, 0.5]
    assert sections["imdb27"]["date"]
    card = next(v for k, v in sections.items() if k.startswith("model-") and k.endswith("plots"))
    assert {"protocol": "imdb27", "figure": "accuracy", "value": 0.6, "date": sections["imdb27"]["date"]} in card[
        "measured"
    ]


def test_labels_of_lines_stay_on_the_picture() -> None:
    points = {name: [(0.0, 1.0), (1.0, 0.0)] for name in "abcdef"}
    picture = line("t", points, "x", "y")
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" class="label', picture)]
    assert len(heights) == 6
    assert max(heights) < 280
    assert len(set(heights)) == 6
