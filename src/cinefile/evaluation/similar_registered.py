"""The similarity protocols by name, on the public data: what `cinefile evaluate NAME` runs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.evaluation import similar_search as search_protocol
from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_collections import CollectionsProtocol
from cinefile.evaluation.similar_data import RATINGS, Say, method_names, methods, open_catalogue, plot_vectors
from cinefile.evaluation.similar_taste import TasteProtocol
from cinefile.similar.catalogue_table import from_catalogue
from cinefile.similar.liked import Likes
from cinefile.similar.scoring import Scorer
from cinefile.similar.search import RANKINGS, WordSearch

_QUERIES = Path(__file__).resolve().parents[3] / "benchmarks" / "queries.tsv"


def similar_taste(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """Neighbours of films nobody rated, against who likes them; the films of MovieLens 1M."""
    catalogue = open_catalogue(data, say)
    with catalogue.cursor() as cursor:
        table = from_catalogue(cursor)
        found = cursor.execute(RATINGS).fetchnumpy()
    rated = np.unique(np.searchsorted(table.film_id, found["film_id"]))
    table = table.take(rated)
    rows = np.searchsorted(table.film_id, found["film_id"])
    likes = Likes.from_ratings(found["user_id"], rows, found["stars"], len(table))
    protocol = TasteProtocol.split(table, likes, test=True)
    every = methods(table, plot_vectors(catalogue, say), protocol.visible, tuple(names or method_names()))
    results = []
    for name, method in every.items():
        results.append((name, float(protocol.evaluate_scores(method).mean())))
        say(f"{name}: {results[-1][1]:.4f}")
    return Result(
        "similar-taste",
        "MovieLens 1M: the ten neighbours of films whose ratings are hidden, against who likes them (NDCG@10).",
        ("method", "NDCG@10"),
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
        results.append(
            (name, float(protocol.evaluate_scores(method).mean()), float(untold.evaluate_scores(method).mean()))
        )
        say(f"{name}: {results[-1][1]:.4f}, {results[-1][2]:.4f}")
    return Result(
        "similar-collections",
        "Films of one collection among the ten nearest, collections hidden (share of mates found).",
        ("method", "mates found", "found where no title word is shared"),
        results,
        {"films": len(table), "asked": len(protocol.asked), "asked without shared words": len(untold.asked)},
    )


def similar_search(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """100 written queries; every ranking alone, and fused."""
    catalogue = open_catalogue(data, say)
    facts, scorer = Facts(catalogue), Scorer(plot_vectors(catalogue, say))
    queries, missing = search_protocol.read_queries(_QUERIES, facts)
    results: list[tuple[str | float, ...]] = []
    for name in names or (*RANKINGS, "fused"):
        words = WordSearch(facts, scorer, RANKINGS if name == "fused" else {name: 1.0})
        found = search_protocol.reciprocal_ranks(queries, _film_ids(words))
        test = np.array([q.test for q in queries])
        kinds = [float(found[[q.kind == kind for q in queries]].mean()) for kind in ("name", "people", "meaning")]
        results.append((str(name), float(found[test].mean()), float(found.mean()), *kinds))
        say(f"{name}: {results[-1][1]:.4f}")
    return Result(
        "similar-search",
        "The film meant by a query (mean reciprocal rank; weights of the rankings chosen on the other half).",
        ("ranking", "test half", "all", "name", "people", "meaning"),
        results,
        {"queries": len(queries), "films not in the catalogue": missing},
    )


def _film_ids(words: WordSearch) -> search_protocol.Search:
    return lambda text, k: [film.film_id for film in words.search(text, k)]
