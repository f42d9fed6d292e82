"""Protocol `similar-weights`: the weights of the parts, chosen on the validation halves of the two protocols.

Coordinate ascent: one part's weight after another is multiplied by each of STEPS, and the best value is kept, until a
whole round changes nothing. What is maximised is the sum of both protocols' figures, each divided by its value at the
start, so that a hundredth gained counts alike in both. Both hide the collections: that weight is set by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_data import Blend, Say, blend_of, open_catalogue, plot_vectors, rated_films
from cinefile.evaluation.similar_protocols import CollectionsProtocol, TasteProtocol
from cinefile.similar.feature_blocks import PARTS
from cinefile.similar.film_table import from_catalogue
from cinefile.similar.film_vectors import DEFAULT_WEIGHTS

STEPS = (0.5, 0.7, 1.4, 2.0)
_ROUNDS = 4
_LEAST_GAIN = 1e-4
_START = 0.5
Figures = Callable[[Mapping[str, float]], tuple[float, ...]]


@dataclass(frozen=True)
class Ascent:
    """Where coordinate ascent ended.

    Attributes:
        weights: of the parts.
        figures: of each protocol there.
        start: of each protocol at the start.
    """

    weights: dict[str, float]
    figures: tuple[float, ...]
    start: tuple[float, ...]


def coordinate_ascent(
    figures: Figures, start: Mapping[str, float], fixed: tuple[str, ...], rounds: int = _ROUNDS, say: Say = print
) -> Ascent:
    """Weights at which no single step gains anything any more, or those after so many rounds.

    Args:
        figures: one figure a protocol for some weights, larger is better.
        start: weights to begin with.
        fixed: parts whose weight stays.
        rounds: at most so many times through all parts.
        say: told of every gain.
    """
    weights = dict(start)
    first = now = figures(weights)

    def total(found: tuple[float, ...]) -> float:
        return sum(f / max(s, 1e-9) for f, s in zip(found, first, strict=True))

    for _ in range(rounds):
        before = total(now)
        for part in (p for p in weights if p not in fixed):
            tried = {}
            for step in STEPS:
                weight = round(weights[part] * step, 3)
                tried[weight] = figures({**weights, part: weight})
            best = max(tried, key=lambda w: total(tried[w]))
            if total(tried[best]) > total(now) + _LEAST_GAIN:
                weights[part], now = best, tried[best]
                say(f"{part} {best}: {', '.join(f'{f:.4f}' for f in now)}")
        if total(now) <= before + _LEAST_GAIN:
            break
    return Ascent(weights, now, first)


def similar_weights(data: Path, say: Say, names: list[str] | None = None) -> Result:
    """Choose the weights from equal ones; the test halves are not looked at. `names` are parts to vary."""
    catalogue = open_catalogue(data, say)
    plots = plot_vectors(catalogue, say)
    table, likes = rated_films(catalogue)
    taste = TasteProtocol.split(table, likes, test=False)
    taste_scorer = blend_of(table, plots, taste.visible)
    with catalogue.cursor() as cursor:
        collections = CollectionsProtocol.split(from_catalogue(cursor), test=False)
    collections_scorer = blend_of(collections.table, plots.without("taste"), None)

    def figures(weights: Mapping[str, float]) -> tuple[float, ...]:
        return (
            float(taste.evaluate_scores(Blend(taste_scorer, weights)).mean()),
            float(collections.evaluate_scores(Blend(collections_scorer, weights)).mean()),
        )

    fixed = ("collection", *(p for p in PARTS if names and p not in names))
    found = coordinate_ascent(figures, dict.fromkeys(PARTS, _START), fixed, say=say)
    shipped = figures(DEFAULT_WEIGHTS)
    rows: list[tuple[str | float, ...]] = [
        ("equal", *found.start, *(_START for _ in PARTS)),
        ("chosen", *found.figures, *(found.weights[p] for p in PARTS)),
        ("shipped", *shipped, *(DEFAULT_WEIGHTS[p] for p in PARTS)),
    ]
    return Result(
        "similar-weights",
        "Weights of the parts by coordinate ascent on the validation halves of similar-taste and similar-collections.",
        ("weights", "NDCG@10, validation", "mates found, validation", *PARTS),
        rows,
        {
            "films asked": [len(taste.asked), len(collections.asked)],
            "standard error": [
                float(np.std(p.evaluate_scores(Blend(s))) / np.sqrt(len(p.asked)))
                for p, s in ((taste, taste_scorer), (collections, collections_scorer))
            ],
        },
    )
