"""Whatever is sent to whatever page: no answer is a failure of the server, and each is a page, a problem or a piece."""

import io
import json
import zipfile
from typing import Any

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cinefile.web.app import PAGES

ODD = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["", "0", "-1", "18", "Drama", "1e9", "null", "%00", "'\"><b>", "../../etc/passwd", "𝟙", "²"]),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)
KEYS = st.sampled_from(["people", "genre", "language", "decade", "dial", "hide", "k", "films", "title", "plot"])
NAMES = ("q", "genre", "decade", "language", "min_votes", "sort", "page", "lang", "plot", "title", "year", "v")
ROUTES = [route for module in PAGES for route in module.router.routes if isinstance(route, APIRoute)]
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
KINDS = {
    *("text/html", "text/css", "text/csv", "text/plain", "text/javascript", "image/svg+xml"),
    *("application/json", "application/problem+json"),
}
HEADS = (
    "Title,Year,Rating",
    "Date,Name,Year,Letterboxd URI,Rating",
    "Const,Your Rating,Title,Year",
    "userId,movieId,rating",
)


def check(answer: Any) -> None:
    assert answer.status_code < 500, answer.text[:2000]
    if not answer.is_redirect:
        assert answer.headers["content-type"].split(";")[0] in KINDS
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(data=st.data())
def test_any_address(client: TestClient, data: st.DataObject) -> None:
    route = data.draw(st.sampled_from([r for r in ROUTES if "GET" in r.methods]))
    path = route.path
    for name, convertor in route.param_convertors.items():
        kind = ":int" if type(convertor).__name__ == "IntegerConvertor" else ""
        odd = ODD.filter(lambda v: v not in ("", ".", "..")) | st.just("18")
        path = path.replace("{" + name + kind + "}", quoted(data.draw(odd)))
    chosen = data.draw(st.dictionaries(st.sampled_from(NAMES), ODD, max_size=4))
    query = "&".join(f"{name}={quoted(value)}" for name, value in chosen.items())
    accept = data.draw(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
    check(client.get(f"{path}?{query}", headers={"accept-language": accept}, follow_redirects=False))


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(path=st.sampled_from(["picks", "picks.csv", "next", "same"]), body=st.dictionaries(KEYS, VALUES) | VALUES)
def test_any_question_about_taste(client: TestClient, path: str, body: Any) -> None:
    # Python's own encoder lets Infinity and NaN through, which a client of another language may send as well.
    check(client.post(f"/for-you/{path}", content=json.dumps(body), headers={"content-type": "application/json"}))


@settings(max_examples=15, deadline=None, suppress_health_check=QUIET)
@given(path=st.sampled_from(["/tag", "/tag/words"]), plot=st.text(max_size=40), title=ODD, year=ODD)
def test_any_plot(client: TestClient, path: str, plot: str, title: str, year: str) -> None:
    form = {key: text.encode("utf-8", "replace") for key, text in (("plot", plot), ("title", title), ("year", year))}
    check(client.post(path, data=form))


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(data=st.data(), name=st.text(max_size=20), whole=st.booleans())
def test_any_upload(client: TestClient, data: st.DataObject, name: str, whole: bool) -> None:
    kind = data.draw(st.sampled_from(["bytes", "csv", "zip", "broken zip"]))
    content = data.draw(st.binary(max_size=80))
    if kind != "bytes":
        cells = ",".join((data.draw(st.text(max_size=40)), data.draw(ODD), data.draw(ODD)))
        content = f"{data.draw(st.sampled_from(HEADS))}\n{cells}\n".encode("utf-8", "replace")
    if kind.endswith("zip"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(
                data.draw(st.sampled_from(["ratings.csv", "../../ratings.csv", "a/b.csv", "watchlist.csv", "x"])),
                content,
            )
        content = out.getvalue()
    if kind == "broken zip":
        at = data.draw(st.integers(0, len(content) - 1))
        content = content[:at] + data.draw(st.binary(max_size=4)) + content[at + 2 :]
    headers = {} if whole else {"x-fragment": "1"}
    check(client.post("/for-you/import", files={"file": (name or "x", content)}, headers=headers))
