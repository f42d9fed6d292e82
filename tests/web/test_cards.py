"""Model cards and measured figures as the page Inside shows them."""

import json
from pathlib import Path

from cinefile.library import Library
from cinefile.reports.results import shipped_results
from cinefile.web.pages.inside import cards, figures


def test_each_model_has_one_card_with_its_heading(catalogue: Path):
    with Library(catalogue) as library:
        found = cards(library)
    titles = [card.title for card in found]
    assert titles.count("Taste") == 1
    assert len(set(titles)) == len(titles)
    assert "Genres from plots" in titles
    assert "RMSE</td>" in found[titles.index("Taste")].html


def test_every_published_result_is_shown_with_its_command():
    folder = shipped_results()
    assert folder is not None
    shown = {each.name: each for each in figures(folder)}
    assert set(shown) == {file.stem.replace("_", "-") for file in folder.glob("*.json")}
    assert all(each.command for each in shown.values())
    assert shown["miad-grid"].tables[0].name == "models"


def test_html_in_results_is_text(tmp_path: Path):
    (tmp_path / "x.json").write_text(json.dumps({"command": "<i>", "models": [{"model": "<script>", "AUC": 0.5}]}))
    (each,) = figures(tmp_path)
    assert "<script>" not in "".join(map(str, each.tables[0].table.cells()[0]))
    assert figures(None) == []
