"""Tagging a file: columns in any letters, texts that are no plot, and runs that go on after the file has changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from cinefile.errors import InputError
from cinefile.genres import load_tagger
from cinefile.genres.genre_tagger import PlotTagger
from cinefile.genres.plot_files import tag_file, usable

ALIEN = "A crew on a spaceship is hunted by an alien creature that kills them one by one in the dark."
WESTERN = "A sheriff rides into a dusty frontier town to face the outlaws who shot his brother in a saloon."


@pytest.fixture(scope="module")
def tagger() -> PlotTagger:
    return load_tagger()


def _tagged(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("names", ["title,year,plot", "TITLE,Year,OVERVIEW", " Title , YEAR , Synopsis "])
def test_capitals_and_blanks_of_columns_do_not_matter(tagger: PlotTagger, tmp_path: Path, names: str) -> None:
    source, out = tmp_path / "films.csv", tmp_path / "out.jsonl"
    source.write_text(f'{names}\nDark Ship,1981,"{ALIEN}"\n', encoding="utf-8")
    assert tag_file(tagger, source, out).tagged == 1
    assert _tagged(out)[0]["title"] == "Dark Ship"


@pytest.mark.parametrize(
    "text",
    ["N/A", "n/a.", "Add a Plot", "No overview found.", "Plot unknown.", "The plot is unknown", "-- none --", "TBA",
     "Plot kept under wraps.", "No synopsis available yet", "&nbsp;", "<p></p>"],
)  # fmt: skip
def test_texts_that_say_that_there_is_no_plot_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"there is none|is empty"):
        usable({"plot": text}, None)


@pytest.mark.parametrize(
    "text", ["None of them survive the night.", "No plot against the king goes unpunished.", "Unknown men."]
)
def test_plots_that_begin_alike_are_plots(text: str) -> None:
    assert usable({"plot": text}, None)[0] == text


def test_html_and_what_sites_add_are_taken_off() -> None:
    text = f"<p>{ALIEN} (&quot;Alien&quot; &amp; more)</p> See full summary »"
    assert usable({"plot": text}, None)[0] == f'{ALIEN} ("Alien" & more)'
    assert usable({"plot": "If x < y and y > z, run."}, None)[0] == "If x < y and y > z, run."


def test_a_file_without_a_usable_row_is_refused(tagger: PlotTagger, tmp_path: Path) -> None:
    source, out = tmp_path / "notes.csv", tmp_path / "out.jsonl"
    source.write_text("Name,Remark\nDark Ship,good\nOther,bad\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"None of the 2 rows .* no column plot"):
        tag_file(tagger, source, out)
    assert not out.exists()


def test_a_run_goes_on_by_what_rows_hold_and_not_by_their_numbers(tagger: PlotTagger, tmp_path: Path) -> None:
    source, out = tmp_path / "films.csv", tmp_path / "out.jsonl"
    rows = [f'Ship,"{ALIEN}"', f'Dust,"{WESTERN}"', 'Summer,"Two lovers meet on a beach and part in autumn."']
    source.write_text("title,plot\n" + "\n".join(rows) + "\n", encoding="utf-8")
    tag_file(tagger, source, out)
    assert tag_file(tagger, source, out).skipped == 3
    source.write_text("title,plot\n" + "\n".join(rows[1:]) + "\n", encoding="utf-8")
    assert tag_file(tagger, source, out).tagged == 2
    assert [(row["row"], row["title"]) for row in _tagged(out)] == [(0, "Dust"), (1, "Summer")]
    whole = out.read_text(encoding="utf-8")
    assert tag_file(tagger, source, out, resume=False).tagged == 2
    assert out.read_text(encoding="utf-8") == whole
