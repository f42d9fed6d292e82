"""The OpenAPI description, and that docs/api.md names every route."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

DOCS = Path(__file__).resolve().parents[2] / "docs"
INTERFACES = {
    "/api/films": {"get"},
    "/api/films/{film}": {"get"},
    "/api/films/{film}/similar": {"get"},
    "/api/search": {"get"},
    "/api/people": {"get"},
    "/api/people/{person_id}": {"get"},
    "/api/releases": {"get"},
    "/api/genres": {"get", "post"},
    "/api/recommendations": {"post"},
    "/api/users/{user_id}/recommendations": {"get"},
    "/health": {"get"},
    "/metrics": {"get"},
}


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, dict[str, dict[str, object]]]:
    answer: dict[str, dict[str, dict[str, object]]] = client.get("/openapi.json").json()
    return answer


def test_the_promised_routes_are_there(description: dict[str, dict[str, dict[str, object]]]) -> None:
    for path, methods in INTERFACES.items():
        assert methods <= set(description["paths"][path]), path


def test_every_route_is_documented(description: dict[str, dict[str, dict[str, object]]]) -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    missing = [
        f"{method.upper()} {path}"
        for path, methods in description["paths"].items()
        for method in methods
        if f"`{method.upper()} {path}`" not in text
    ]
    assert not missing


def test_every_route_has_a_response_model(description: dict[str, dict[str, dict[str, object]]]) -> None:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            content = operation["responses"]["200"]["content"]  # type: ignore[index]
            if path != "/metrics":
                assert content["application/json"]["schema"], (method, path)


def test_return_is_called_return(description: dict[str, dict[str, dict[str, object]]]) -> None:
    assert "return" in description["components"]["schemas"]["Film"]["properties"]  # type: ignore[operator]
