"""Model cards and measured figures as the library gives them to the page Inside."""

import json
from pathlib import Path

import cinefile
from cinefile.library import Library
from cinefile.reports.results import published_tables, shipped_results

_STARTER = Path(cinefile.__file__).parent / "starter" / "starter.duckdb"


def test_each_model_has_one_card_with_its_heading():
    with Library(_STARTER) as library:
        found = library.model_cards()
    titles = [card.title for card in found]
    assert titles.count("Starter taste model") == 1
    assert len(set(titles)) == len(titles)
    assert "Genres from plots" in titles
    assert "<code>factor</code>" in found[titles.index("Starter taste model")].html


def test_every_published_result_is_shown_with_its_command():
    folder = shipped_results()
    assert folder is not None
    with Library(_STARTER) as library:
        shown = {each.name: each for each in library.results()}
    assert set(shown) == {file.stem.replace("_", "-") for file in folder.glob("*.json")}
    assert all(each.command for each in shown.values())
    assert shown["miad-grid"].tables[0].name == "models"


def test_html_in_results_is_text(tmp_path: Path):
    (tmp_path / "x.json").write_text(json.dumps({"command": "<i>", "models": [{"model": "<script>", "AUC": 0.5}]}))
    (each,) = published_tables(tmp_path)
    assert "<script>" not in "".join(map(str, each.tables[0].table.cells()[0]))
    assert published_tables(None) == ()
