"""Any request that the description allows or nearly allows is answered without a 5xx, and as described."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ODD = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["", "0", "-1", "1e9", "null", "true", "%", "'", '"', "../..", "Toy Story (1995)", "enero", "\x7f", "𝟙", "²"]
    ),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
# Without a model beside the small catalogue, these say 503; nothing else may.
ENGINES = (
    "/api/genres",
    "/api/films/{film}/similar",
    "/api/search",
    "/api/recommendations",
    "/api/users/{user_id}/recommendations",
)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def check(client: TestClient, path: str, method: str, answer: Any) -> None:
    allowed = (200, 400, 404, 405, 413, 422) + ((503,) if path in ENGINES else ())
    assert answer.status_code in allowed, (method, path, answer.text)
    expected = "application/json" if answer.status_code == 200 else "application/problem+json"
    if path != "/metrics":
        assert answer.headers["content-type"] == expected
        json.loads(answer.content, parse_constant=pytest.fail)


@settings(max_examples=250, deadline=None, suppress_health_check=QUIET)
@given(data=st.data())
def test_any_parameters(client: TestClient, data: st.DataObject) -> None:
    paths = client.app.openapi()["paths"]  # type: ignore[attr-defined]
    path = data.draw(st.sampled_from(sorted(p for p in paths if "get" in paths[p])))
    url, query = path, {}
    for parameter in paths[path]["get"].get("parameters", []):
        if parameter["in"] == "path":
            value = data.draw(ODD.filter(lambda v: v not in ("", ".", "..") and "/" not in v))
            url = url.replace("{" + parameter["name"] + "}", _quoted(value))
        elif data.draw(st.booleans()):
            query[parameter["name"]] = data.draw(ODD)
    text = "&".join(f"{name}={_quoted(value)}" for name, value in query.items())
    check(client, path, "GET", client.get(f"{url}?{text}"))


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(
    body=VALUES, keys=st.lists(st.sampled_from(["plot", "plots", "threshold", "model", "ratings", "k"])), data=st.data()
)
def test_any_body(client: TestClient, body: Any, keys: list[str], data: st.DataObject) -> None:
    document = {key: data.draw(VALUES) for key in keys} if keys else body
    content = json.dumps(document).encode()
    for path in ("/api/genres", "/api/recommendations"):
        answer = client.post(path, content=content, headers={"content-type": "application/json"})
        check(client, path, "POST", answer)


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(body=st.binary(max_size=60))
def test_any_bytes(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/recommendations", content=body, headers={"content-type": "application/json"})
    check(client, "/api/recommendations", "POST", answer)


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
