"""Protocol `search-weights`: what each ranking counts in the fused search, tried out on the validation queries.

Every combination of WEIGHTS and CONSTANTS is scored; the test half is not looked at. People count 1, as only ratios
matter.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_data import Say, open_catalogue, plot_vectors
from cinefile.evaluation.similar_search import QUERIES, read_queries
from cinefile.similar.scoring import Scorer
from cinefile.similar.search import CONSTANT, RANKINGS, WordSearch, fuse

WEIGHTS = {"title": (1.0, 2.0, 3.0, 4.0), "words": (1.0, 2.0, 3.0, 4.0), "meaning": (0.0, 0.5, 1.0, 2.0)}
CONSTANTS = (1, 3, 10, 30, 60)
_SHOWN = 20
Setting = tuple[float, float, float, float]  # the constant, then the weights of WEIGHTS
_EQUAL: Setting = (60, 1.0, 1.0, 1.0)
_SHIPPED: Setting = (CONSTANT, *(RANKINGS[name] for name in WEIGHTS))  # type: ignore[assignment]


def search_weights(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """The best settings of the fusion on the validation queries, and the shipped one among them."""
    catalogue = open_catalogue(data, say)
    facts = Facts(catalogue)
    queries = [q for q in read_queries(QUERIES, facts)[0] if not q.test]
    words = WordSearch(facts, Scorer(plot_vectors(catalogue, say)))
    found = [(words.rankings(q.text), facts.films.row(q.film_id)) for q in queries]
    settings: list[Setting] = [(c, *w) for c, w in product(CONSTANTS, product(*WEIGHTS.values()))]  # type: ignore[misc]
    figure = {s: float(np.mean([_reciprocal_rank(r, s, film) for r, film in found])) for s in {*settings, _SHIPPED}}
    best = sorted(figure, key=lambda s: (-figure[s], s))[:_SHOWN]
    rows = [("best", figure[s], *s) for s in best]
    rows += [("shipped", figure[_SHIPPED], *_SHIPPED), ("equal", figure[_EQUAL], *_EQUAL)]
    say(f"shipped {figure[_SHIPPED]:.4f}, best {figure[best[0]]:.4f} of {len(figure)} settings")
    return Result(
        "search-weights",
        "Settings of the fused search on the validation half of the queries (mean reciprocal rank).",
        ("setting", "validation half", "constant", *WEIGHTS),
        rows,
        {"queries": len(queries), "settings tried": len(figure)},
    )


def _reciprocal_rank(rankings: Mapping[str, list[int]], setting: Setting, film: int | None) -> float:
    constant, *weights = setting
    fused = fuse(rankings, {"people": 1.0, **dict(zip(WEIGHTS, weights, strict=True))}, constant)
    own = fused.get(film, 0.0) if film is not None else 0.0
    before = sum((score, -row) > (own, -(film or 0)) for row, score in fused.items())
    return 1 / (1 + before) if own > 0 and before < 100 else 0.0
