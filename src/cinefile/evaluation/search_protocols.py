"""Protocols of search: whether the film meant by a query is found, and how much each ranking should count."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.errors import InputError
from cinefile.evaluation.ranking_metrics import half_width
from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_data import (
    Blend,
    Say,
    blend_of,
    open_catalogue,
    plot_vectors,
    rated_films,
)
from cinefile.evaluation.similar_protocols import CollectionsProtocol, TasteProtocol
from cinefile.search.film_search import CONSTANT, RANKINGS, FilmSearch, fuse
from cinefile.search.film_titles import exact_titles
from cinefile.similar.feature_blocks import PARTS
from cinefile.similar.film_table import from_catalogue
from cinefile.similar.film_vectors import DEFAULT_WEIGHTS
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.sources.readers.tables import rows as table_rows

DEPTH = 100
QUERIES = Path(__file__).resolve().parents[3] / "benchmarks" / "queries.tsv"
Search = Callable[[str, int], Sequence[int]]


@dataclass(frozen=True)
class Query:
    """A query and its film.

    Attributes:
        kind: "name", "people" or "meaning".
        text: what is typed.
        film_id: the film meant, in this catalogue.
    """

    kind: str
    text: str
    film_id: int

    @property
    def test(self) -> bool:
        """Whether it belongs to the half that is reported; by SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def read_queries(path: Path, facts: FilmColumns) -> tuple[list[Query], list[str]]:
    """The queries whose film is in the catalogue, and the titles of those that are not.

    Raises:
        InputError: the file is not there; it comes with the repository, not with the package.
    """
    if not path.is_file():
        raise InputError(f"{path} is not there.", "Run this protocol from a checkout of cinefile.")
    queries, missing = [], []
    for line in table_rows(path):
        rows = exact_titles(facts, line["title"])
        years = facts.films.numbers("year")
        near = [r for r in rows if abs(years[r] - int(line["year"])) <= 1]
        if near:
            queries.append(Query(line["kind"], line["query"], int(facts.films.ids[near[0]])))
        else:
            missing.append(f"{line['title']} ({line['year']})")
    return queries, missing


def reciprocal_ranks(queries: Sequence[Query], search: Search) -> NDArray[np.float64]:
    """(q,) 1 / rank of each query's film, 0 where it is not among the first 100.

    Args:
        queries: the queries.
        search: text and k to film ids, best first.
    """
    out = np.zeros(len(queries))
    for i, query in enumerate(queries):
        found = list(search(query.text, DEPTH))
        if query.film_id in found:
            out[i] = 1 / (found.index(query.film_id) + 1)
    return out


WEIGHTS = {"title": (1.0, 2.0, 3.0, 4.0), "words": (1.0, 2.0, 3.0, 4.0), "meaning": (0.0, 0.5, 1.0, 2.0)}
CONSTANTS = (1, 3, 10, 30, 60)
_SHOWN = 20
Setting = tuple[float, float, float, float]  # the constant, then the weights of WEIGHTS
_EQUAL: Setting = (60, 1.0, 1.0, 1.0)
_SHIPPED: Setting = (CONSTANT, *(RANKINGS[name] for name in WEIGHTS))  # type: ignore[assignment]


def search_weights(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """The best settings of the fusion on the validation queries, and the shipped one among them."""
    catalogue = open_catalogue(data, say)
    facts = FilmColumns(catalogue)
    queries = [q for q in read_queries(QUERIES, facts)[0] if not q.test]
    search = FilmSearch(facts, BlendedSimilarity(plot_vectors(catalogue, say)))
    found = [(search.rankings(q.text), facts.films.row(q.film_id)) for q in queries]
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


def similar_search(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """100 written queries; every ranking alone, the lexical ones fused, and all fused."""
    catalogue = open_catalogue(data, say)
    facts, similarity = FilmColumns(catalogue), BlendedSimilarity(plot_vectors(catalogue, say))
    queries, missing = read_queries(QUERIES, facts)
    results: list[tuple[str | float, ...]] = []
    test = np.array([q.test for q in queries])
    lexical = {name: weight for name, weight in RANKINGS.items() if name != "meaning"}
    several = {"lexical only": lexical, "fused": RANKINGS}
    for name in names or (*RANKINGS, *several):
        search = FilmSearch(facts, similarity, several.get(name, {name: 1.0}))
        found = reciprocal_ranks(queries, _film_ids(search))
        kinds = [float(found[[q.kind == kind for q in queries]].mean()) for kind in ("name", "people", "meaning")]
        halves = (found[test].mean(), half_width(found[test]), found[~test].mean(), found.mean(), half_width(found))
        results.append((str(name), *map(float, halves), *kinds))
        say(f"{name}: {results[-1][1]:.4f}")
    return Result(
        "similar-search",
        "The film meant by a query (mean reciprocal rank; weights of the rankings chosen on the other half).",
        ("ranking", "test half", "±95%", "validation half", "all", "±95% of all", "name", "people", "meaning"),
        results,
        {"queries": len(queries), "test queries": int(test.sum()), "films not in the catalogue": missing},
    )


def _film_ids(search: FilmSearch) -> Search:
    return lambda text, k: [film.film_id for film in search.search(text, k)]
