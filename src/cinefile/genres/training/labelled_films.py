"""Labelled films of any source: what the source says of their genres, and what it does not."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cinefile.catalogue.genre_names import VOCABULARY, chosen_labels
from cinefile.errors import InputError
from cinefile.sources import Source, recognise
from cinefile.sources.imdb_genres import SOURCE as IMDB27
from cinefile.sources.imdb_genres import listed_titles
from cinefile.sources.wikipedia import SOURCE as WIKIPEDIA
from cinefile.titles import split_year

# The labels of MIAD, and the classes of IMDb's 27-genre set as that writes them.
MIAD_LABELS = tuple(g for g in VOCABULARY if g not in ("Adult", "Game-Show", "Reality-TV", "Talk-Show"))
IMDB27_LABELS = tuple(sorted(g.lower() for g in VOCABULARY if g != "Film-Noir"))
# Columns of the films that are looked at: the others need not become Python values.
_COLUMNS = ("key", "title", "aliases", "original_title", "year", "release_date", "imdb_id", "tmdb_id", "genres", "plot")


@dataclass(frozen=True)
class LabelledFilm:
    """One labelled film of one source.

    Attributes:
        source: name of its source, such as ``miad`` or ``tmdb-api``.
        names: its titles, the main one first; the others serve matching only.
        genres: MIAD labels that the source gives it.
        unknown: MIAD labels that the source says nothing about: no loss for them.
        imdb27: its one IMDb genre, where the source is the 27-genre set.
        ids: identifiers such as ``imdb:tt0114709`` and ``tmdb:862``.
    """

    source: str
    names: tuple[str, ...]
    year: int | None
    plot: str
    genres: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()
    imdb27: str | None = None
    ids: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The main title."""
        return self.names[0]


def read_films(path: Path) -> list[LabelledFilm]:
    """Read all films of the data sets under a path, in the order of the files, those without label or plot too.

    Raises:
        InputError: nothing of a known format is there, or IMDb's 27-genre set has a genre that is none of the 27.
    """
    films = []
    for dataset in recognise(path):
        listed = listed_titles(dataset) if dataset.source is IMDB27 else {}
        for rows in dataset.read():
            if rows.kind == "film":
                films += [_film(dataset.source, row, listed) for row in rows.batch.select(_COLUMNS).to_pylist()]
    return films


def _film(source: Source, row: dict[str, Any], listed: dict[str, str]) -> LabelledFilm:
    genres, plot = row["genres"] or [], row["plot"] or ""
    one = genres[0] if source is IMDB27 and genres else None
    if one is not None and one not in IMDB27_LABELS:
        raise InputError(f"{row['title']!r} has the genre {one!r}.", f"Known are: {', '.join(IMDB27_LABELS)}.")
    title, year = split_year(listed[row["key"]]) if row["key"] in listed else (row["title"], row["year"])
    names = (title, row["original_title"], *(row["aliases"] or ()))
    ids = {"tmdb": row["tmdb_id"], "imdb": row["imdb_id"]}
    return LabelledFilm(
        source.name,
        tuple(dict.fromkeys(name for name in names if name)),
        row["release_date"].year if row["release_date"] else year,
        wikipedia_plot(plot) if source is WIKIPEDIA else plot,
        chosen_labels(genres, MIAD_LABELS),
        source.unlisted_genres,
        one,
        tuple(f"{kind}:{value}" for kind, value in ids.items() if value),
    )


# Wikipedia's opening says the genre outright ("is a 1999 American comedy film directed by"), as no plot does.
_NOT_PLOT = re.compile(
    r"directed|starring|\bstars?\b|starred|co-star|released?\b|produced|producer|written|screenplay|premiered|award|"
    r"nominat|box office|budget|reviews?\b|critic|gross|based on|adapt|remake|sequel|prequel|soundtrack|score|filmed|"
    r"shot (?:in|on|at)|cast\b|features?\b|distributed|\bfilms?\b.{0,40}\b(?:is|was) an?\b|studio|theatrical|lost film|"
    r"film debut|cinematograph|copies|restored|survive|preserved|Library of Congress|silent|runtime|reels?\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“A-Z0-9])")


def wikipedia_plot(extract: str, at_least: int = 12) -> str:
    """Sentences of a Wikipedia opening that tell the story; empty when fewer than `at_least` words of it are left."""
    kept = [s for s in _SENTENCE.split(extract.strip())[1:] if not _NOT_PLOT.search(s)]
    plot = " ".join(kept)
    return plot if len(plot.split()) >= at_least else ""
