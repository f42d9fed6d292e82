"""The rate limit answers 429 with Retry-After, and counts costly calls for more."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cinefile.library import Library
from cinefile.web import create_app


@pytest.fixture
def limited(catalogue: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CINEFILE_RATE_LIMIT", "1")  # a burst of 6
    with Library(catalogue) as library, TestClient(create_app(library)) as client:
        yield client


def test_a_flood_is_answered_429(limited: TestClient):
    answers = [limited.get("/search.json") for _ in range(8)]
    assert [a.status_code for a in answers[:6]] == [200] * 6
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["status"] == 429
    assert "content-security-policy" in refused.headers


def test_people_get_a_page_that_says_so_in_their_language(limited: TestClient):
    answers = [limited.get("/search", headers={"accept-language": "es"}) for _ in range(8)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "text/html; charset=utf-8"
    assert "Un momento, por favor" in refused.text
    assert int(refused.headers["retry-after"]) >= 1
    assert "content-security-policy" in refused.headers
    piece = limited.get("/search/suggest?q=alien", headers={"hx-request": "true"})
    assert (piece.status_code, piece.headers["content-type"]) == (429, "application/problem+json")


def test_looking_up_costs_a_fiftieth_of_a_search(limited: TestClient):
    assert [limited.get("/api/films?page=1").status_code for _ in range(200)] == [200] * 200


def test_static_files_cost_nothing(limited: TestClient):
    assert [limited.get("/static/site.css").status_code for _ in range(400)] == [200] * 400


def test_an_unexpected_error_is_a_page_with_the_same_headers(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Library, "person", broken)
    answer = client.get("/person/1", headers={"accept-language": "en"})
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/browse/", "/api/films/", "/film/1.json"])
def test_a_redirect_never_repeats_the_host_of_the_request(client: TestClient, path: str):
    answer = client.get(path, headers={"host": "evil.example"}, follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"].startswith("/")
    assert "evil" not in answer.headers["location"]
