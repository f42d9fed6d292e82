import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.reports.conftest import HOSTILE, read, shown_numbers

from cinefile.catalogue.catalogue_file import Catalogue, default_path
from cinefile.reports.data_report import SECTIONS, data_report
from cinefile.reports.report import Report

Numbers = dict[str, Any]


def asked(file: Path, sql: str) -> Any:
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(sql).fetchall()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def value(rows: list[dict[str, Any]], figure: str) -> Any:
    return next(row["value"] for row in rows if row["figure"] == figure)


@pytest.mark.parametrize(
    ("figure", "sql"),
    [
        ("films", "SELECT count(*) FROM films"),
        ("films with a plot", "SELECT count(DISTINCT film_id) FROM plots"),
        ("credits", "SELECT count(*) FROM credits"),
        ("people who rated", "SELECT count(*) FROM (SELECT DISTINCT source, user_id FROM ratings)"),
    ],
)
def test_totals(numbers: Numbers, tiny_file: Path, figure: str, sql: str) -> None:
    assert value(numbers["overview"]["totals"], figure) == asked(tiny_file, sql) > 0


def test_missing_values(numbers: Numbers, tiny_file: Path) -> None:
    rows = {row["column"]: row for row in numbers["missing"]["columns"]}
    films = asked(tiny_file, "SELECT count(*) FROM films")
    for column in ("budget", "year", "vote_average"):
        missing = asked(tiny_file, f"SELECT count(*) FROM films WHERE {column} IS NULL")
        row = rows[column.replace("_", " ")]
        assert (row["missing"], row["known"]) == (missing, films - missing)
        assert row["missing_share"] == pytest.approx(missing / films)
    assert rows["plot"]["known"] == 3
    unvoted = asked(tiny_file, "SELECT count(*) FROM films WHERE vote_average IS NULL")
    assert value(numbers["missing"]["votes"], "of these nobody voted") == unvoted > 0


def test_distributions(numbers: Numbers, tiny_file: Path) -> None:
    rows = {row["figure"]: row for row in numbers["distributions"]["figures"]}
    revenues = sorted(v for (v,) in asked(tiny_file, "SELECT revenue FROM films WHERE revenue IS NOT NULL"))
    n, mean = len(revenues), sum(revenues) / len(revenues)
    assert rows["revenue"]["known"] == n
    assert rows["revenue"]["mean"] == pytest.approx(mean)
    at = 0.95 * (n - 1)
    low = math.floor(at)
    expected = revenues[low] + (at - low) * (revenues[low + 1] - revenues[low])
    assert rows["revenue"]["95th percentile"] == pytest.approx(expected)
    second, third = (sum((v - mean) ** k for v in revenues) / n for k in (2, 3))
    assert rows["revenue"]["skew"] == pytest.approx(third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2))
    for name in ("popularity", "votes", "budget_usd", "revenue_usd", "year", "runtime_minutes"):
        bins = numbers["distributions"][name]
        figure = name.removesuffix("_usd").removesuffix("_minutes")
        assert sum(row["films"] for row in bins) == rows[figure]["known"]
        assert all(a["to"] <= b["from"] * (1 + 1e-9) for a, b in pairwise(bins))


def test_genres(numbers: Numbers, tiny_file: Path) -> None:
    counts = {row["genre"]: row["films"] for row in numbers["genres"]["counts"]}
    # Predicted genres are not counted: the small catalogue has a predicted comedy.
    comedies = asked(tiny_file, "SELECT count(DISTINCT film_id) FROM genres WHERE genre = 'Comedy' AND NOT predicted")
    assert counts["Comedy"] == comedies
    both = asked(
        tiny_file,
        "SELECT count(*) FROM genres a JOIN genres b USING (film_id) WHERE a.genre = 'Comedy' AND b.genre = 'Family' "
        "AND NOT a.predicted AND NOT b.predicted",
    )
    together = {row["of the films of"]: row for row in numbers["genres"]["together"]}
    assert together["Comedy"]["Family_share"] == pytest.approx(both / comedies)
    assert together["Family"]["Comedy_share"] == pytest.approx(both / counts["Family"])
    assert together["Comedy"]["Comedy_share"] is None


def test_ratings(numbers: Numbers, tiny_file: Path) -> None:
    total = asked(tiny_file, "SELECT count(*) FROM ratings")
    assert sum(row["ratings"] for row in numbers["ratings"]["stars"]) == total
    assert sum(row["people"] for row in numbers["ratings"]["ratings_per_person"]) == 9
    curve = numbers["ratings"]["popularity_curve"]
    most = asked(tiny_file, "SELECT max(n) FROM (SELECT count(*) AS n FROM ratings GROUP BY film_id)")
    assert curve[0]["ratings_so_far_share"] == pytest.approx(most / total)
    assert curve[-1]["ratings_so_far_share"] == curve[-1]["films_so_far_share"] == 1


def test_quality(numbers: Numbers) -> None:
    doubts = {row["doubt"]: row["rows"] for row in numbers["quality"]["doubts"]}
    assert doubts["films that share title and year with another"] == 2
    assert doubts["plots that stand at several films"] == 1
    assert doubts["films with such a plot"] == 2
    # Numbers in reasons are the row's own.
    assert numbers["quality"]["rejects"][0] == {"source": "first", "reason": "no film with the key …", "rows": 2}
    merges = {row["rule"]: row["records"] for row in numbers["quality"]["merges"]}
    assert merges["title and year"] == 7
    assert [row["title"] for row in numbers["quality"]["same_title_and_year"]] == [HOSTILE]


def test_sources_meet(numbers: Numbers) -> None:
    pairs = {row["source"]: row for row in numbers["coverage"]["films_in_both"]}
    assert pairs["first"]["second"] == pairs["second"]["first"] == pairs["second"]["second"] == 7


def test_json_and_page_agree(report: Report) -> None:
    """Each section's numbers stand in its part of the page, unrounded and in the same order."""
    page = report.html()
    for section in report.sections:
        start = page.index(f'<section id="{section.name}"')
        shown = shown_numbers(page[start : page.index("</section>", start)])
        written = [
            float(v)
            for part in section.parts
            for row in part.table.document()
            for v in row.values()
            if isinstance(v, int | float) and not isinstance(v, bool)
        ]
        assert shown == written


def test_hostile_title_is_only_words(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;alert(" in page
    assert "script" not in read(page).tags


def test_page_stands_alone(page: str) -> None:
    checked = read(page)
    assert all(a.startswith(("#", "data:")) for a in checked.addresses)
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert len(checked.ids) == len(set(checked.ids))
    for anchor in (a[1:] for a in checked.addresses if a.startswith("#")):
        assert anchor in checked.ids


def test_every_chart_is_described(page: str) -> None:
    charts = read(page).charts
    assert len(charts) > 15
    ids = read(page).ids
    for chart in charts:
        assert chart["role"] == "img"
        assert all(name in ids for name in str(chart["aria-labelledby"]).split())


def test_empty_catalogue(empty_file: Path) -> None:
    with Catalogue(empty_file) as catalogue:
        report = data_report(catalogue)
    assert len(report.sections) == len(SECTIONS)
    assert value(report.document()["sections"]["overview"]["totals"], "films") == 0
    assert "There are no ratings in this catalogue." in report.html()


def test_starter_catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CINEFILE_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    with Catalogue(default_path()) as catalogue:
        report = data_report(catalogue)
        with catalogue.cursor() as cursor:
            films = cursor.execute("SELECT count(*) FROM films").fetchall()[0][0]
    sections = report.document()["sections"]
    assert value(sections["overview"]["totals"], "films") == films
    # No plots ship: the words come from titles, and say so.
    assert "titles" in next(s.intro for s in report.sections if s.name == "words")
    assert {row["word"] for row in sections["words"]["log_odds"] if row["genre"] == "Horror"} >= {"blood", "dead"}
    assert len(report.html()) < 5_000_000
