from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cinefile.api import create_app
from cinefile.library import Library


def test_films(client: TestClient) -> None:
    answer = client.get("/api/films", params={"title": "amelie"}).json()
    assert (answer["total"], answer["match"]) == (1, "exact")
    film = answer["films"][0]
    assert (film["title"], film["year"], film["language"]) == ("Amélie", 2001, "fr")
    assert film["return"] == pytest.approx(17.392)


def test_films_with_filters_and_pages(client: TestClient) -> None:
    asked = {"genre": "crime", "year_from": 1990, "year_to": 1999, "sort": "-score", "size": 2}
    first = client.get("/api/films", params=asked).json()
    second = client.get("/api/films", params=asked | {"page": 2}).json()
    assert [f["title"] for f in first["films"]] == ["The Shawshank Redemption", "Pulp Fiction"]
    assert first["total"] == second["total"] == 6
    assert not {f["film_id"] for f in first["films"]} & {f["film_id"] for f in second["films"]}


@pytest.mark.parametrize("film", ["1", "Toy Story (1995)", "toy%20story"])
def test_film(client: TestClient, film: str) -> None:
    answer = client.get(f"/api/films/{film}").json()
    assert answer["film_id"] == 1
    assert {g["genre"] for g in answer["genres"]} == {"Animation", "Comedy", "Family"}
    assert answer["directors"][0]["name"] == "John Lasseter"


def test_votes(client: TestClient) -> None:
    assert client.get("/api/films/Titanic (1997)/votes?minimum=2000").json()["vote_average"] == 7.5
    few = client.get("/api/films/Volver/votes", params={"minimum": 2000}).json()
    assert (few["enough"], few["vote_average"]) == (False, None)


def test_people(client: TestClient) -> None:
    people = client.get("/api/people", params={"name": "robert zemekis"}).json()["people"]
    assert people[0]["name"] == "Robert Zemeckis"
    person = client.get(f"/api/people/{people[0]['person_id']}").json()
    assert [f["title"] for f in person["directing"]["films"]] == ["Back to the Future", "Forrest Gump", "Cast Away"]
    assert person["directing"]["total_profit"] == sum(f["profit"] for f in person["directing"]["films"])


@pytest.mark.parametrize("month", ["12", "diciembre", "December", "DICIEMBRE", "dec"])
def test_releases(client: TestClient, month: str) -> None:
    answer = client.get("/api/releases", params={"month": month}).json()
    assert (answer["month"], answer["month_name"], answer["films"]) == (12, "December", 6)


def test_summaries(client: TestClient) -> None:
    assert client.get("/api/genres/summary").json()["genres"][0]["genre"] == "Drama"
    assert client.get("/api/decades").json()["decades"][0]["decade"] == 1920


def test_health_and_metrics(client: TestClient) -> None:
    assert client.get("/health").json()["films"] == 40
    client.get("/api/people", params={"name": "somebody private"})
    text = client.get("/metrics").text
    assert 'cinefile_requests_total{method="GET",route="/api/people",status="200"}' in text
    assert 'cinefile_request_seconds_bucket{le="0.001",route="/api/people"}' in text
    assert 'cinefile_request_seconds_count{route="/api/people"}' in text
    assert "private" not in text


def test_metrics_hold_route_templates_only(client: TestClient) -> None:
    for path in (
        "/api/films/private-1",
        "/api/private-2",
        "/private-3?q=private-4",
        "/api/users/private-5/recommendations",
    ):
        client.get(path)
    client.request("PRIVATE-6", "/health")
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "private" not in answer.text.casefold()
    assert 'method="other"' in answer.text
    assert 'route="/api/films/{film}"' in answer.text


def test_each_application_counts_for_itself(small_catalogue_file: Path) -> None:
    first, second = (create_app(Library(small_catalogue_file)) for _ in range(2))
    with TestClient(first) as one, TestClient(second) as other:
        one.get("/health")
        assert 'route="/health"' in one.get("/metrics").text
        assert 'route="/health"' not in other.get("/metrics").text


def test_metrics_of_repeated_questions(client: TestClient) -> None:
    def count() -> float:
        lines = client.get("/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("cinefile_answers_from_memory_total")))

    first = client.get("/api/films?title=metropolis")
    before = count()
    again = client.get("/api/films?title=metropolis")
    assert count() == before + 1
    assert (again.content, again.headers) == (first.content, first.headers)


def test_head_and_options(client: TestClient) -> None:
    head, get = client.head("/api/films/1"), client.get("/api/films/1")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    options = client.options("/api/genres")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_the_docs_page_asks_no_other_host(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http" not in page
    assert "<script>" not in page
    for path in ("/docs/files/swagger-ui.css", "/docs/files/swagger-ui-bundle.js", "/docs/start.js"):
        assert path in page
        assert client.get(path).status_code == 200


def test_titles_are_data_and_not_markup(client: TestClient) -> None:
    answer = client.get("/api/films/40")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["title"] == "<script>alert(1)</script>"


def test_search_finds_films_by_name_with_a_typo(client: TestClient):
    found = client.get("/api/search?q=blade runer&k=3").json()["films"]
    assert found[0]["title"] == "Blade Runner"
    assert "title" in found[0]["by"]


def test_search_filters_and_refuses_emptiness(client: TestClient):
    assert all(f["year"] >= 2000 for f in client.get("/api/search?q=love&year_from=2000").json()["films"])
    assert client.get("/api/search?q=").status_code == 422
    assert client.get("/api/search").status_code == 422


def test_similar_films_say_what_they_share_and_follow_options(client: TestClient):
    films = client.get("/api/films/1/similar?k=5").json()["films"]
    assert len(films) == 5
    assert all(f["because"] for f in films[:2])
    assert all(f["year"] < 1990 for f in client.get("/api/films/1/similar?year_to=1989").json()["films"])
    assert client.get("/api/films/1/similar?franchise=maybe").status_code == 422
