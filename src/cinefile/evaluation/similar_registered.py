"""The similarity protocols by name, on the public data: what `cinefile evaluate NAME` runs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.evaluation import similar_search as search_protocol
from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_collections import CollectionsProtocol
from cinefile.evaluation.similar_data import (
    Say,
    method_names,
    methods,
    open_catalogue,
    plot_vectors,
    rated_films,
)
from cinefile.evaluation.similar_metrics import half_width
from cinefile.evaluation.similar_taste import TasteProtocol
from cinefile.similar.catalogue_table import from_catalogue
from cinefile.similar.scoring import Scorer
from cinefile.similar.search import RANKINGS, WordSearch


def similar_taste(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """Neighbours of films nobody rated, against who likes them; the films of MovieLens 1M."""
    catalogue = open_catalogue(data, say)
    table, likes = rated_films(catalogue)
    protocol = TasteProtocol.split(table, likes, test=True)
    every = methods(table, plot_vectors(catalogue, say), protocol.visible, tuple(names or method_names()))
    results = []
    for name, method in every.items():
        found = protocol.evaluate_scores(method)
        results.append((name, float(found.mean()), half_width(found)))
        say(f"{name}: {results[-1][1]:.4f}")
    return Result(
        "similar-taste",
        "MovieLens 1M: the ten neighbours of films whose ratings are hidden, against who likes them (NDCG@10).",
        ("method", "NDCG@10", "±95%"),
        results,
        {"films": len(table), "asked": len(protocol.asked), "plots": sum(map(bool, table.plot))},
    )


def similar_collections(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """Collection mates among the ten neighbours, collections hidden; and mates whose titles share no word."""
    catalogue = open_catalogue(data, say)
    with catalogue.cursor() as cursor:
        table = from_catalogue(cursor)
    protocol = CollectionsProtocol.split(table, test=True)
    untold = protocol.without_shared_words()
    chosen = tuple(names or (n for n in method_names() if n not in ("taste", "blend-without-taste", "collection")))
    results = []
    for name, method in methods(protocol.table, plot_vectors(catalogue, say).without("taste"), None, chosen).items():
        every, hard = protocol.evaluate_scores(method), untold.evaluate_scores(method)
        results.append((name, float(every.mean()), half_width(every), float(hard.mean()), half_width(hard)))
        say(f"{name}: {results[-1][1]:.4f}, {results[-1][3]:.4f}")
    return Result(
        "similar-collections",
        "Films of one collection among the ten nearest, collections hidden (share of mates found).",
        ("method", "mates found", "±95%", "found where no title word is shared", "±95% there"),
        results,
        {"films": len(table), "asked": len(protocol.asked), "asked without shared words": len(untold.asked)},
    )


def similar_search(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """100 written queries; every ranking alone, the lexical ones fused, and all fused."""
    catalogue = open_catalogue(data, say)
    facts, scorer = Facts(catalogue), Scorer(plot_vectors(catalogue, say))
    queries, missing = search_protocol.read_queries(search_protocol.QUERIES, facts)
    results: list[tuple[str | float, ...]] = []
    test = np.array([q.test for q in queries])
    lexical = {name: weight for name, weight in RANKINGS.items() if name != "meaning"}
    several = {"lexical only": lexical, "fused": RANKINGS}
    for name in names or (*RANKINGS, *several):
        words = WordSearch(facts, scorer, several.get(name, {name: 1.0}))
        found = search_protocol.reciprocal_ranks(queries, _film_ids(words))
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


def _film_ids(words: WordSearch) -> search_protocol.Search:
    return lambda text, k: [film.film_id for film in words.search(text, k)]
