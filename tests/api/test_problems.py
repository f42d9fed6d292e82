import json
import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

LONG = "x" * 5000
DIGITS = "9" * 5000


def assert_problem(answer: Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
    assert problem["status"] == status
    assert problem["detail"]


@pytest.mark.parametrize(
    "path", ["/nope", "/api", "/api/nope", "/api/films/1/nope", "/docs/files/../../pyproject.toml"]
)
def test_no_such_route(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/api/films/0", "/api/films/99999", "/api/films/No such film", "/api/people/99999"])
def test_no_such_thing(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 404)


def test_near_titles_are_named(client: TestClient) -> None:
    assert "Blade Runner (1982)" in client.get("/api/films/Blade Runer").json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/films?title=",
        f"/api/films?title={LONG}",
        "/api/films?title=%00",
        "/api/films?title=%ff%fe",
        "/api/films?title=a%0Ab",
        "/api/films?year=abc",
        "/api/films?year=1e3",
        "/api/films?year=-1",
        f"/api/films?year={DIGITS}",
        "/api/films?year=1995.5",
        "/api/films?min_votes=-1",
        "/api/films?min_votes=99999999999",
        "/api/films?page=0",
        "/api/films?page=-1",
        "/api/films?page=99999999999",
        "/api/films?size=0",
        "/api/films?size=101",
        "/api/films?sort=title;DROP TABLE films",
        "/api/films?sort=match",
        f"/api/films/{'9' * 200}x/votes?minimum=-1",
        f"/api/films/{LONG}",
        "/api/films/%00",
        "/api/films/Heat",
        "/api/films/1/votes?minimum=nan",
        "/api/people",
        "/api/people?name=",
        "/api/people?name=%00",
        f"/api/people?name={LONG}",
        "/api/people?name=x&limit=0",
        "/api/people/abc",
        "/api/people/-1",
        f"/api/people/{DIGITS}",
        "/api/releases",
        "/api/releases?month=13",
        "/api/releases?month=0",
        "/api/releases?month=mayonesa",
        "/api/releases?month=1 OR 1=1",
        "/api/releases?weekday=8",
        "/api/releases?weekday=%F0%9F%8E%AC",
        "/api/releases?month=1&year=99999",
        "/api/genres",
        "/api/genres?plot=",
        "/api/genres?plot=x&threshold=nan",
        "/api/genres?plot=x&threshold=2",
        "/api/genres?plot=x&threshold=inf",
        "/api/genres?plot=x&threshold=best",
        "/api/genres?plot=%20%20",
        f"/api/genres?plot={'x' * 20_001}",
        "/api/genres?plot=x&year=12",
        "/api/genres?plot=x&top=0",
        "/api/genres?plot=x&explain=perhaps",
        "/api/films/1/similar?k=0",
        "/api/films/1/similar?k=1000",
        "/api/users/-1/recommendations",
        f"/api/users/{DIGITS}/recommendations",
    ],
)
def test_odd_parameters(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"\x00",
        b'{"ratings": []}',
        b'{"ratings": [{"film_id": 1, "stars": 6}]}',
        b'{"ratings": [{"film_id": 1, "stars": 0}]}',
        b'{"ratings": [{"film_id": 1, "stars": NaN}]}',
        b'{"ratings": [{"film_id": 1, "stars": Infinity}]}',
        b'{"ratings": [{"film_id": 1, "stars": 1e999}]}',
        b'{"ratings": [{"film_id": -1, "stars": 4}]}',
        b'{"ratings": [{"film_id": 1e30, "stars": 4}]}',
        b'{"ratings": [{"film_id": ' + b"9" * 4000 + b', "stars": 4}]}',
        b'{"ratings": [{"film_id": 1, "stars": 4}, {"film_id": 1, "stars": 3}]}',
        b'{"ratings": [{"film_id": 1, "stars": 4}], "k": 0}',
        b'{"ratings": ' + b"[" * 900 + b"]" * 900 + b"}",
        json.dumps({"ratings": [{"film_id": i, "stars": 4} for i in range(10_001)]}).encode(),
    ],
)
def test_odd_bodies(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/recommendations", content=body, headers={"content-type": "application/json"})
    assert_problem(answer, 422)


@pytest.mark.parametrize("digits", [5_000, 20_000])
def test_numbers_too_long_to_read(client: TestClient, digits: int) -> None:
    body = b'{"ratings": [{"film_id": ' + b"9" * digits + b', "stars": 4}]}'
    answer = client.post("/api/recommendations", content=body, headers={"content-type": "application/json"})
    assert_problem(answer, answer.status_code)
    assert answer.status_code in (400, 422)


def test_deep_nesting(client: TestClient) -> None:
    body = b'{"ratings": ' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    answer = client.post("/api/recommendations", content=body, headers={"content-type": "application/json"})
    assert_problem(answer, answer.status_code)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"plot": "a", "plots": ["b"]},
        {"plots": []},
        {"plots": ["a"] * 257},
        {"plot": ""},
        {"plot": "x" * 20_001},
        {"plot": 7},
        {"plots": "text"},
        {"plot": "a", "threshold": 1.5},
        {"plot": "a", "threshold": "best"},
        {"plot": "a", "titles": ["b"]},
        {"plots": ["a"], "title": "b"},
        {"plots": ["a", "b"], "titles": ["c"]},
        {"plots": ["a", "b"], "years": [1999]},
        {"plots": ["a"] * 9, "explain": True},
        {"plot": "a", "model": ""},
    ],
)
def test_odd_tagging_requests(client: TestClient, body: dict[str, object]) -> None:
    assert_problem(client.post("/api/genres", json=body), 422)


def test_a_lone_surrogate_in_json(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    assert_problem(client.post("/api/genres", content=b'{"plot": "\\ud800"}', headers=headers), 422)


def test_too_large_a_body(client: TestClient) -> None:
    assert_problem(client.post("/api/genres", content=b"x" * 4_000_001), 413)

    def pieces() -> object:
        for _ in range(50):
            yield b"x" * 100_000

    assert_problem(client.post("/api/genres", content=pieces(), headers={"content-type": "application/json"}), 413)


def test_wrong_methods(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.request(method, "/api/films/1")
        assert_problem(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_unknown_films_in_ratings(client: TestClient) -> None:
    assert_problem(client.post("/api/recommendations", json={"ratings": [{"film_id": 12345, "stars": 4}]}), 404)


def test_unknown_user(client: TestClient) -> None:
    assert_problem(client.get("/api/users/12345/recommendations"), 404)


def test_mistakes_of_ours_are_problems_too(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    @client.app.get("/broken")  # type: ignore[attr-defined]
    def broken() -> None:
        raise RuntimeError("secret")

    with caplog.at_level(logging.CRITICAL, logger="cinefile.api"):
        answer = client.get("/broken")
    assert_problem(answer, 500)
    assert "secret" not in answer.text


def test_values_are_not_repeated_in_errors(client: TestClient) -> None:
    assert "kumquat" not in client.get("/api/films?year=kumquat").text


def test_a_missing_model_is_named_without_its_folder(
    client: TestClient, small_catalogue_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/api/recommendations", json={"ratings": [{"film_id": 1, "stars": 5}]})
    assert_problem(answer, 503)
    folder = str(small_catalogue_file.parent)
    assert folder not in answer.text
    assert folder in caplog.text
