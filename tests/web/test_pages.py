"""Pages as a browser without JavaScript, a crawler or a program gets them."""
# ruff: noqa: E501 — tables of cases read better in whole lines

import gzip
import logging
import re
from html import unescape
from itertools import combinations
from math import hypot
from random import Random
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from cinefile.web.pages.person import Role, _timeline
from cinefile.web.rendering import assets

PAGES = ["/", "/search?q=vertigo", "/search", "/film/18", "/person/18", "/browse", "/tag", "/for-you", "/inside"]
XSS = 42


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_answers_in_both_languages(client: TestClient, path: str, language: str):
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}"' in answer.text
    assert ("Saltar" in answer.text or "Ir al contenido" in answer.text) == (language == "es")
    assert len(gzip.compress(answer.content)) < 60_000


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", f"/film/{XSS}"])
def test_nothing_inline_and_nothing_from_elsewhere(client: TestClient, path: str):
    text = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    sources = re.findall(r'(?:src|href|action)="([^"]*)"', text)
    assert [s for s in sources if not s.startswith(("/", "#"))] == []
    assert [s for s in sources if s.startswith("//")] == []


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/api/films", "/static/site.css", "/cover/1.svg"])
def test_security_headers_are_everywhere(client: TestClient, path: str):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_hostile_title_is_shown_not_run(client: TestClient):
    for path in (
        f"/film/{XSS}",
        "/",
        "/browse?sort=-year",
        "/search?q=script",
        f"/cover/{XSS}.svg",
        "/search/suggest?q=alert",
    ):
        text = client.get(path).text
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text.replace("&#34;", '"'), path
    person = client.get("/search?q=malley").text
    assert "<b>" not in person


@pytest.mark.parametrize(
    "query", ['"><img src=x onerror=alert(1)>', "'; DROP TABLE films; --", "\x00\x01", "%", "a" * 5000, "🎬", "   "]
)
def test_odd_queries_find_nothing_bad(client: TestClient, query: str):
    for path in ("/search", "/search/suggest", "/for-you/find", "/for-you/choose"):
        answer = client.get(path, params={"q": query})
        assert answer.status_code == 200
        assert "<img" not in answer.text


def test_search_meets_typos_and_people(client: TestClient):
    assert 'href="/film/20"' in client.get("/search?q=blade runer").text
    assert "Alfred Hitchcock" in client.get("/search?q=hitchcock").text
    assert "Nothing found" in client.get("/search?q=qqqqqqxz").text


def test_film_page_tells_given_from_predicted(client: TestClient):
    text = client.get("/film/40").text  # Roma: Drama given, Family predicted at 0.41
    assert re.search(r'class="chip predicted"[^>]*>Family <span class="count">predicted 41%', text)
    assert re.search(r'class="chip" href="/browse\?genre=Drama">Drama', text)
    assert "ratings, mean" in text


def test_lists_tell_given_from_predicted_and_count_both(client: TestClient):
    text = client.get("/browse?genre=family", headers={"accept-language": "en"}).text
    notes = dict(re.findall(r'href="/film/(\d+)">[^<]*</a></h3>\s*<p>([^<]*)</p>', text))
    assert [film for film, note in notes.items() if "genre predicted" in note] == ["40"]
    assert f"Family ({len(notes)})" in text
    assert "genre predicted" not in client.get("/browse?genre=Drama").text


def test_dots_of_a_timeline_do_not_overlap():
    chance = Random(3)
    films = [
        SimpleNamespace(film_id=i, year=chance.randint(1970, 1990), revenue=chance.choice((0, 1, 9))) for i in range(60)
    ]
    timeline = _timeline([Role("actor", films, [])])
    assert timeline is not None
    for one, other in combinations(timeline.dots, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius
    assert all(dot.y >= dot.radius and dot.y + dot.radius <= timeline.height for dot in timeline.dots)


def test_person_page_adds_up(client: TestClient):
    text = client.get("/person/18").text  # Hitchcock: 1 + 2.5 + 0.8 and 36.8 + 28 + 50 million
    assert "$4.3M" in text
    assert "$115M" in text
    assert text.count('class="dot director"') == 3


def test_browse_filters_sort_and_page(client: TestClient):
    text = client.get("/browse?genre=Western").text
    assert "1 film<" in text
    assert "The Searchers" in text
    titles = re.findall(r'<h3><a href="/film/\d+">([^<]+)', client.get("/browse?sort=year").text)
    assert titles[:2] == ["Metropolis", "M"]
    first, second = (re.findall(r'<h3><a href="/film/(\d+)', client.get(f"/browse?page={n}").text) for n in (1, 2))
    assert (len(first), len(second)) == (24, 18)
    assert not set(first) & set(second)
    assert "No film fits" in client.get("/browse?genre=Western&decade=2010").text


@pytest.mark.parametrize("path", ["/browse?page=x", "/browse?sort=shoe", "/browse?decade=-1", "/browse?min_votes=1e9"])
def test_bad_parameters_get_a_friendly_page(client: TestClient, path: str):
    answer = client.get(path)
    assert answer.status_code == 422
    assert "That cannot be read" in answer.text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/film/999999", "/person/999999", "/film/abc", "/static/../app.py", "/static/%2e%2e%2fapp.py"]
)
def test_what_is_not_there_is_a_page_in_the_readers_language(client: TestClient, path: str):
    answer = client.get(path, headers={"accept-language": "es"})
    assert answer.status_code == 404
    if not path.startswith("/static/"):
        assert "no está en el catálogo" in answer.text


def test_programs_get_problem_details(client: TestClient):
    for path in ("/api/films/999999", "/static/nothing.css"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("twin", "key"),
    [("/film/18.json", "title"), ("/person/18.json", "directing"), ("/browse.json?genre=Western", "films"), ("/index.json", "decades"),
     ("/search.json?q=vertigo", "films"), ("/inside.json", "counts")],
)  # fmt: skip
def test_pages_have_a_json_twin(client: TestClient, twin: str, key: str):
    assert key in client.get(twin).json()


def test_the_twin_of_a_tagged_plot_knows_title_and_year(client: TestClient):
    asked = {"plot": "A ghost haunts a house on the moor.", "title": "The Moor", "year": "1935"}
    (twin,) = re.findall(r'href="(/tag\.json[^"]*)"', client.get("/tag", params=asked).text)
    answer = client.get(unescape(twin))
    assert answer.json() == client.get("/api/genres", params=asked).json()
    assert answer.json() != client.get("/api/genres", params={"plot": asked["plot"]}).json()
    assert client.get("/tag.json", params=asked | {"year": "soon"}).status_code == 200


def test_pages_link_to_their_twin(client: TestClient):
    for path in ("/", "/film/18", "/person/18", "/browse?genre=Western", "/search?q=alien", "/inside"):
        (twin,) = re.findall(r'href="([^"]+\.json[^"]*)"', client.get(path).text)
        assert client.get(twin.replace("&amp;", "&")).status_code == 200


def test_a_chosen_language_is_remembered(client: TestClient):
    answer = client.get("/browse?lang=es&genre=Drama")
    assert 'lang="es"' in answer.text
    assert answer.cookies["lang"] == "es"
    assert 'lang="es"' in client.get("/browse").text
    client.cookies.clear()


def test_static_files_are_packed_and_kept(client: TestClient):
    for name, asset in assets().items():
        answer = client.get(f"/static/{name}?v={asset.digest}")
        assert answer.content == asset.content
        assert "immutable" in answer.headers["cache-control"]
        assert "immutable" not in client.get(f"/static/{name}").headers["cache-control"]
    total = sum(len(assets()[n].packed) for n in ("site.css", "site.js", "htmx.min.js", "theme.js", "icon.svg"))
    assert total < 45_000


def test_without_models_the_page_says_so(bare_client: TestClient):
    assert "No taste model is installed" in bare_client.get("/for-you").text
    picks = bare_client.post("/for-you/picks", json={"people": [{"ratings": {"18": 5}}]})
    assert picks.status_code == 200
    assert "No taste model is installed" in picks.text
    assert "/" not in re.sub(r"<[^>]*>", "", picks.text)  # where files lie on the server is nobody's business


def test_picks_leave_out_what_was_rated_and_follow_the_filters(client: TestClient):
    def ask(**wishes: object) -> list[int]:
        body = {"people": [{"ratings": {"18": 5, "20": 4.5, "14": 1}}], **wishes}
        return [int(i) for i in re.findall(r'data-pick="(\d+)"', client.post("/for-you/picks", json=body).text)]

    everything = ask(k=50)
    assert len(everything) == 50 - 14 or len(everything) > 25
    assert not {18, 20, 14} & set(everything)
    assert set(ask(genre="Western")) == {9}
    assert set(ask(decade=1950)) == {6, 7, 8, 9, 10, 11} & set(everything)
    assert set(ask(language="es", k=50)) <= {29, 33, 40}
    assert set(everything) - set(ask(hide=[8, 15], k=50)) == {8, 15} & set(everything)
    assert ask(dial=1)[:5] != ask(dial=-1)[:5]


def test_picks_say_why_and_how_sure(client: TestClient):
    text = client.post("/for-you/picks", json={"people": [{"ratings": {"18": 5, "20": 5}}]}).text
    assert "Because you liked" in text
    assert re.search(r"80% between \d(\.\d)? and \d", text)


def test_a_group_gets_picks_with_everybodys_stars(client: TestClient):
    people = [{"name": "Ana", "ratings": {"18": 5}}, {"name": "<b>Bo</b>", "ratings": {"11": 5, "16": 4}}]
    text = client.post("/for-you/picks", json={"people": people}).text
    assert "Ana" in text
    assert "&lt;b&gt;Bo&lt;/b&gt;" in text
    assert not re.search(r'data-pick="(18|11|16)"', text)


@pytest.mark.parametrize(
    "body",
    [{"people": [{"ratings": {"18": 9}}]}, {"people": []}, {"people": [{"ratings": {}}]}],
)
def test_odd_ratings_get_words_not_a_crash(client: TestClient, body: dict[str, object]):
    answer = client.post("/for-you/picks", json=body)
    assert answer.status_code == 200
    assert 'class="notice"' in answer.text


@pytest.mark.parametrize("body", [{"people": [{"ratings": {"x": 1}}]}, {"people": [{}] * 9}, {"dial": 7}, [1], "x"])
def test_malformed_questions_are_refused(client: TestClient, body: object):
    assert client.post("/for-you/picks", json=body).status_code == 422


def test_picks_as_csv_hold_no_formula(client: TestClient):
    answer = client.post("/for-you/picks.csv", json={"people": [{"ratings": {"18": 5}}], "k": 3})
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = answer.text.strip().splitlines()
    assert head == "film_id,title,year,stars,low,high,because"
    assert len(rows) == 3


def test_rate_next_leaves_out_what_is_rated(client: TestClient, bare_client: TestClient):
    for asked in (client, bare_client):
        text = asked.post("/for-you/next", json={"people": [{"ratings": {"37": 5}}]}).text
        offered = re.findall(r'data-rate="(\d+)"', text)
        assert len(offered) == 8
        assert "37" not in offered


def test_ratings_are_not_logged(client: TestClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    client.post("/for-you/picks", json={"people": [{"name": "Zebedee", "ratings": {"18": 4.5}}]})
    client.post("/for-you/picks", content=b'{"people": [{"name": "Zebedee", "ratings": {"18": ')
    assert "Zebedee" not in caplog.text


def test_film_pages_are_kept_per_language_and_forgotten_with_the_catalogue(client: TestClient, bare_client: TestClient):
    english = client.get("/film/5", headers={"accept-language": "en"}).text
    assert client.get("/film/5", headers={"accept-language": "en"}).text == english
    assert client.get("/film/5", headers={"accept-language": "es"}).text != english
    assert client.get("/film/5", headers={"accept-encoding": "identity"}).headers.get("content-encoding") is None
    assert bare_client.get("/film/5", headers={"accept-language": "en"}).status_code == 200


def test_similar_films_come_with_reasons(client: TestClient):
    text = client.get("/film/10/similar").text  # Vertigo
    assert 'href="/film/8"' in text  # Rear Window: the same director and actor
    assert "Alfred Hitchcock (Director)" in text
    page = client.get("/film/10").text
    assert "Alfred Hitchcock (Director)" in page or "are being prepared" in page
    assert client.get("/film/999999/similar").status_code == 404


def test_kept_pages_hold_nothing_of_a_strangers_address(client: TestClient):
    for path in ("/film/6", "/", "/for-you"):
        client.get(f"{path}?q=stranger&lang=es")
        for language in ("en", "es"):
            assert "stranger" not in client.get(path, headers={"accept-language": language}).text
    client.cookies.clear()


def test_large_bodies_are_refused(client: TestClient):
    answer = client.post("/for-you/picks", content=b"x" * 5_000_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_model_cards_are_shown(client: TestClient):
    text = client.get("/inside").text
    assert "Trained for tests." in text
    assert "<td>RMSE</td>" in text


def test_the_playground_has_every_call(client: TestClient):
    text = client.get("/inside").text
    for path in client.get("/openapi.json").json()["paths"]:
        if path.startswith("/api"):
            assert f'data-try="{path}"' in text


@pytest.mark.parametrize("path", ["/film/{}", "/film/{}.json", "/film/{}/similar", "/person/{}", "/cover/{}.svg"])
@pytest.mark.parametrize("number", ["9" * 5000, "9" * 11, "9" * 10])
def test_numbers_of_any_length_are_no_server_error(client: TestClient, path: str, number: str):
    assert client.get(path.format(number), follow_redirects=False).status_code in (307, 404, 422)
