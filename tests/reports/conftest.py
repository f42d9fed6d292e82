"""A catalogue with one of everything that the reports count, and its report."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.schema import SCHEMA_VERSION, create_statements
from cinefile.reports.data_report import data_report
from cinefile.reports.report import Report

HOSTILE = "<script>alert('film')</script> & \"friends\""


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small catalogue with ratings, runs, rejects, twins, repeated plots, and a hostile title."""
    path = write_small_catalogue(tmp_path_factory.mktemp("reports") / "tiny.duckdb")
    with duckdb.connect(str(path)) as connection:
        for film_id in (90, 91):
            connection.execute(
                "INSERT INTO films (film_id, title, title_key, year) VALUES (?, ?, 'x', 1990)", [film_id, HOSTILE]
            )
        connection.execute(
            """
            INSERT INTO ratings SELECT 'one', user_id, film_id, 0.5 + (user_id * film_id) % 10 / 2,
                   TIMESTAMP '2001-05-01' + to_days(CAST(user_id * 200 AS INTEGER))
            FROM range(1, 9) AS u(user_id), range(1, 11) AS f(film_id) WHERE film_id <= user_id + 2;
            INSERT INTO ratings VALUES ('two', 1, 1, 4, NULL), ('two', 1, 2, 2.5, NULL);
            INSERT INTO merges SELECT film_id, 'first', film_id::VARCHAR, title, year, 'new', 1, 1 FROM films;
            INSERT INTO merges SELECT film_id, 'second', film_id::VARCHAR, title, year, 'title and year', 0.98, 2
            FROM films WHERE film_id <= 7;
            INSERT INTO provenance SELECT film_id, 'vote_average', 'first' FROM films WHERE vote_average IS NOT NULL;
            INSERT INTO rejects VALUES (1, 'first', 'a.csv', 3, 'no film with the key 17', NULL),
                   (1, 'first', 'a.csv', 4, 'no film with the key 99', NULL),
                   (2, 'second', 'b.csv', 1, 'no title', NULL);
            INSERT INTO runs VALUES (1, 'first', 'a', '0', TIMESTAMP '2020-01-01', 1.5, 10, 6, 2, 2),
                   (2, 'second', 'b', '1', TIMESTAMP '2020-01-01', 0.5, 5, 3, 1, 1);
            INSERT INTO plots VALUES (2, 'tiny', 'The same words again.'), (3, 'tiny', 'The same words again.');
            """
        )
    return path


@pytest.fixture(scope="session")
def report(tiny_file: Path) -> Report:
    with Catalogue(tiny_file) as catalogue:
        return data_report(catalogue)


@pytest.fixture(scope="session")
def numbers(report: Report) -> dict[str, Any]:
    """The sections of the JSON, as a program would read it."""
    sections: dict[str, Any] = json.loads(json.dumps(report.document(), allow_nan=False))["sections"]
    return sections


@pytest.fixture(scope="session")
def page(report: Report) -> str:
    return report.html()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue without a single row."""
    path = tmp_path_factory.mktemp("reports") / "empty.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in create_statements():
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
    return path


def shown_numbers(page: str) -> list[float]:
    """Every number of the page's tables, unrounded, in order."""
    return [float(unescape(v)) for v in re.findall(r'<data value="([^"]*)">', page)]


class Checker(HTMLParser):
    """Reads a page as a browser would, and keeps what the tests ask about."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.charts: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.addresses += [str(given[a]) for a in ("href", "src", "srcset", "action", "data", "poster") if given.get(a)]
        if tag == "svg":
            self.charts.append(given)


def read(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    checker.close()
    return checker
