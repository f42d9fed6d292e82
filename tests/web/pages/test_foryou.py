"""An uploaded export becomes a match report; bombs, rubbish and damage become a sentence."""
# ruff: noqa: E501 — tables of cases read better in whole lines

import io
import re
import zipfile

import pytest
from fastapi.testclient import TestClient

RATINGS = (
    "Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Alien,1979,https://boxd.it/1,4.5\n"
    "2020-01-02,The Wizard of Oz,1940,https://boxd.it/2,3\n2020-01-03,No Such Film <i>,2001,https://boxd.it/3,2\n"
)
WATCHLIST = "Date,Name,Year,Letterboxd URI\n2020-01-01,Psycho,1960,https://boxd.it/4\n2020-01-01,Vertigo,1958,https://boxd.it/5\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def upload(client: TestClient, content: bytes, name: str = "export.zip", fragment: bool = True):
    headers = {"x-fragment": "1"} if fragment else {}
    return client.post("/for-you/import", files={"file": (name, content)}, headers=headers)


def test_a_letterboxd_zip_gives_a_report_with_its_watchlist(client: TestClient):
    text = upload(client, zipped({"ratings.csv": RATINGS, "watchlist.csv": WATCHLIST})).text
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", text))
    assert figures == {"ratings matched": "2", "not found": "1", "on the watchlist": "2"}
    assert re.search(r'data-stars="4.5" data-film="18"', text)
    assert re.search(r'data-stars="3.0" data-film="3"', text)
    assert 'data-watchlist="12,10"' in text
    assert "No Such Film &lt;i&gt;" in text
    assert "title, year off by one" in text


def test_films_that_were_seen_but_not_rated_are_told_apart(client: TestClient):
    watched = "Date,Name,Year,Letterboxd URI\n2020-01-01,Psycho,1960,https://boxd.it/4\n2020-01-01,Alien,1979,https://boxd.it/1\n"
    assert 'data-seen="12"' in upload(client, zipped({"ratings.csv": RATINGS, "watched.csv": watched})).text
    only = upload(client, zipped({"watched.csv": watched})).text
    assert 'data-seen="12,18"' in only
    assert "no ratings of films" in only


def test_films_of_another_catalogue_are_found_by_title_and_year(client: TestClient):
    films = [{"title": "Alien", "year": 1979}, {"title": "Alien", "year": 1950}, {"title": "", "year": None}]
    assert client.post("/for-you/same", json={"films": films}).json() == {"films": [18, None, None]}
    assert client.post("/for-you/same", json={"films": [{"year": 1979}]}).status_code == 422


def test_imdb_ratings_match_by_id(client: TestClient):
    text = upload(
        client, b"Const,Your Rating,Title,Year,Title Type\ntt0078748,9,Whatever,1999,Movie\n", "ratings.csv"
    ).text
    assert 'data-stars="4.5" data-film="18"' in text
    assert "by its id" in text


def test_without_javascript_the_report_is_a_page_with_picks(client: TestClient):
    answer = upload(client, zipped({"ratings.csv": RATINGS}), fragment=False)
    assert answer.text.startswith("<!doctype html>")
    assert "data-pick=" in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n", b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(256)) * 40, b"a,b\n1,2\n", b"PK\x03\x04 cut",
        zipped({"ratings.csv": RATINGS})[:-30], zipped({"notes.txt": "x"}), zipped({}), zipped({"ratings.csv": b"0" * 30_000_000}),
        zipped({f"{i}.csv": "" for i in range(300)}), b"x" * 4_000_001,
    ],
    ids=["empty", "blank", "png", "bytes", "other csv", "cut start", "cut end", "no csv", "no entry", "bomb", "entries", "large"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["x.zip", "../../../../etc/passwd", "<b>.csv", "\x00.csv"])
def test_what_is_no_export_gets_a_sentence(client: TestClient, content: bytes, name: str):
    answer = upload(client, content, name)
    assert answer.status_code in (200, 413)
    if answer.status_code == 200:
        assert 'class="notice"' in answer.text
    assert "<b>" not in answer.text


def test_the_status_says_so_on_a_whole_page(client: TestClient):
    assert upload(client, b"a,b\n1,2\n", "x.csv", fragment=False).status_code == 422


def test_no_file_is_a_friendly_page(client: TestClient):
    assert client.post("/for-you/import").status_code == 422
