"""Protocol `similar-search`: is the film meant by a query found, and how far up?

Data      100 queries written for cinefile, each with its film: names with typos, people with a detail, and what the
          story is about (benchmarks/queries.tsv). Nothing is trained on them.
Split     queries by hash in two halves: the rankings' weights are chosen on one, figures are reported on the other.
Metric    mean reciprocal rank of the film among the first 100. Films that the catalogue lacks are told apart.
"""

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.titles import exact_titles
from cinefile.errors import InputError

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


def read_queries(path: Path, facts: Facts) -> tuple[list[Query], list[str]]:
    """The queries whose film is in the catalogue, and the titles of those that are not.

    Raises:
        InputError: the file is not there; it comes with the repository, not with the package.
    """
    if not path.is_file():
        raise InputError(f"{path} is not there.", "Run this protocol from a checkout of cinefile.")
    queries, missing = [], []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t"):
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
