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
from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_data import Say, open_catalogue, plot_vectors
from cinefile.search.film_search import CONSTANT, RANKINGS, FilmSearch, fuse
from cinefile.search.film_titles import exact_titles
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
