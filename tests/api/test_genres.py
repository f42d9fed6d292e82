"""Genres over HTTP, by the tagger that ships."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from cinefile import load_tagger

PLOT = (
    "A sheriff and an outlaw face each other in a dusty frontier town, while the ranchers who hired the gunman wait "
    "for the stage coach and count their cattle."
)


def _get(client: TestClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/api/genres", params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_title_and_year_reach_the_tagger(client: TestClient) -> None:
    found = _get(client, plot=PLOT, title="Ghost Night", year=1935, threshold=0)
    own = load_tagger().predict_proba([PLOT], ["Ghost Night"], [1935])[0]
    assert sorted((g["probability"] for g in found["genres"]), reverse=True) == pytest.approx(sorted(own)[::-1])
    assert _get(client, plot=PLOT, threshold=0)["genres"] != found["genres"]


def test_thresholds_and_top(client: TestClient) -> None:
    tagger = load_tagger()
    assert tagger.threshold != 0.1
    tuned = _get(client, plot=PLOT, threshold="tuned")["genres"]
    assert "Western" in [g["genre"] for g in tuned]
    assert all(g["probability"] >= tagger.thresholds[g["genre"]] for g in tuned)
    assert all(g["probability"] >= 0.3 for g in _get(client, plot=PLOT, threshold=0.3)["genres"])
    assert len(_get(client, plot=PLOT, top=5)["genres"]) == 5
    assert len(_get(client, plot=PLOT, top=27, model="imdb27")["genres"]) == 27


def test_words_are_given_when_asked_for(client: TestClient) -> None:
    assert all(g["because"] == [] for g in _get(client, plot=PLOT)["genres"])
    western = _get(client, plot=PLOT, explain="true", top=1)["genres"][0]
    assert western["genre"] == "Western"
    weights = [w["weight"] for w in western["because"]]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
    assert {"sheriff", "outlaw", "frontier"} & {w["text"] for w in western["because"][:3]}


def test_notes(client: TestClient) -> None:
    assert _get(client, plot=PLOT)["notes"] == []
    assert "4 words" in _get(client, plot="A shark attacks swimmers.")["notes"][0]
    german = "Ein junger Mann kommt nach Berlin und verliebt sich in eine Frau, die nicht für ihn bestimmt ist. " * 2
    assert "English" in _get(client, plot=german)["notes"][0]


def test_several_plots_keep_their_order_titles_and_years(client: TestClient) -> None:
    plots, titles, years = [PLOT, "A ghost haunts an old house."], ["Dust", None], [None, 1975]
    body = {"plots": plots, "titles": titles, "years": years, "threshold": 0.0}
    results = client.post("/api/genres", json=body).json()["results"]
    own = load_tagger().predict(plots, titles, years, threshold=0.0)
    assert [r["genres"][0]["genre"] for r in results] == [row[0].genre for row in own]
    assert [bool(r["notes"]) for r in results] == [False, True]
    one = client.post("/api/genres", json={"plot": PLOT, "title": "Dust", "explain": True}).json()
    assert one["genres"][0]["because"]
