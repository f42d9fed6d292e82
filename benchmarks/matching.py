"""How often a film of an export is taken for another one, and how often a title in an odd spelling is found.

`python -m benchmarks matching` takes the films of MovieLens 25M that the starter lacks by id, and those of Wikipedia
whose title it lacks near that year, gives each as a row with and without its year, and counts those that count for some
film. Films that share title and year with one of the starter are counted apart: a file of titles and years cannot tell
them, and many are the same film twice. Then 1,000 titles of the starter are written oddly, and those found are counted.
Needs $CINEFILE_DATA; --full lists what was taken for another.
"""

import csv
import json
import os
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cinefile
from cinefile.exports import ExportMatch, ExportRow, FilmIndex, film_index, match
from cinefile.titles import loose_key, split_aliases, split_year, title_key

SEED = 20
_ROMAN = {" II": " 2", " III": " 3", " IV": " 4", " V": " 5", " VI": " 6"}


def lacking(data: Path, index: FilmIndex) -> list[tuple[str, int]]:
    """Films by title and year that the starter lacks: MovieLens films whose id, Wikipedia films whose title near that
    year is not there."""
    known = {(key, index.years[place]) for key, places in index.by_key.items() for place in places}
    films: dict[tuple[str, int], None] = {}
    with (data / "movielens/ml-25m/movies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            title, year = split_year(row["title"])
            if year and int(row["movieId"]) not in index.by_movielens:
                films[split_aliases(title)[0], year] = None
    for path in sorted((data / "wikipedia-movies").glob("movies-*s.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            title, year = record["title"], record.get("year")
            if year and not any((title_key(title), int(year) + gap) in known for gap in (-2, -1, 0, 1, 2)):
                films[title, int(year)] = None
    return list(films)


def taken(index: FilmIndex, rows: list[ExportRow]) -> dict[str, Any]:
    """How many rows count for a film, and how many are suggested one."""
    found = match(rows, index)
    used = [m for m in found.matches if m.used is not None]
    alike = [m for m in used if m.row.year == m.year and loose_key(m.row.title) in map(loose_key, _names(index, m))]
    counts = found.counts()
    return {
        "films": len(rows),
        "same title and year": len(alike),
        "taken for another": len(used) - len(alike),
        "share": round((len(used) - len(alike)) / len(rows), 6),
        "suggested": counts.get("suggested", 0),
        "by": {how: n for how, n in counts.items() if how not in ("unmatched", "suggested")},
    }


def _names(index: FilmIndex, found: ExportMatch) -> list[str]:
    place = list(index.film_ids).index(found.film_id or 0)
    return [index.titles[place], *index.aliases[place]]


SPELLINGS: dict[str, Callable[[str], str]] = {
    "lower case": str.lower,
    "capitals": str.upper,
    "no accents": lambda t: "".join(c for c in unicodedata.normalize("NFKD", t) if not unicodedata.combining(c)),
    "article behind": lambda t: re.sub(r"^(The|A|An) (.*)$", r"\2, \1", t),
    "no article": lambda t: re.sub(r"^(The|A|An) ", "", t),
    "no punctuation": lambda t: re.sub(r"[^\w\s]", "", t),
    "ampersand": lambda t: t.replace(" and ", " & ") if " and " in t else t.replace(" & ", " and "),
    "digits": lambda t: re.sub(r" (?:II|III|IV|V|VI)\b", lambda m: _ROMAN[m[0]], t),
    "dash for colon": lambda t: t.replace(": ", " - "),
    "two letters swapped": lambda t: t[:4] + t[5] + t[4] + t[6:] if len(t) > 9 and t[4:6].isalpha() else t,
    "a letter lost": lambda t: t[:5] + t[6:] if len(t) > 10 and t[5].isalpha() else t,
}


def odd_spellings(index: FilmIndex, count: int = 1000) -> dict[str, Any]:
    """How many of the starter's titles are found in an odd spelling with their year, by kind of spelling."""
    chance = random.Random(SEED)
    changed: list[tuple[str, int, ExportRow]] = []
    kinds = list(SPELLINGS)
    places = [p for p, year in enumerate(index.years) if year is not None]
    while len(changed) < count:
        place, kind = chance.choice(places), kinds[len(changed) % len(kinds)]
        title = SPELLINGS[kind](index.titles[place])
        if title != index.titles[place]:
            row = ExportRow("", len(changed) + 1, title, index.years[place], 4.0)
            changed.append((kind, int(index.film_ids[place]), row))
    found = match([row for _, _, row in changed], index).matches
    right = [m.used == film_id for m, (_, film_id, _) in zip(found, changed, strict=True)]
    return {
        "titles": count,
        "found": sum(right),
        "share": sum(right) / count,
        "by spelling": {
            kind: f"{sum(r for r, (k, _, _) in zip(right, changed, strict=True) if k == kind)}"
            f" of {sum(k == kind for k, _, _ in changed)}"
            for kind in kinds
        },
    }


def main(full: bool) -> None:
    data = Path(os.environ.get("CINEFILE_DATA", "../shared/data"))
    with cinefile.open() as library:
        index = film_index(library.facts)
    films = lacking(data, index)
    with_year = [ExportRow("", n, title, year, 4.0) for n, (title, year) in enumerate(films, 1)]
    without = [ExportRow("", n, title, None, 4.0) for n, (title, _) in enumerate(films, 1)]
    document = {
        "with year": taken(index, with_year),
        "without year": taken(index, without),
        "odd spellings": odd_spellings(index),
    }
    if full:
        for m in match([*with_year, *without], index).matches:
            if m.used is not None:
                print(m.how, "|", m.row.title, m.row.year, "|", m.title, m.year)
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main("--full" in sys.argv)
