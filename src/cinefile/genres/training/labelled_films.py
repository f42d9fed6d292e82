"""Labelled films from the raw files of five sources, each with what it knows about genres and what it does not."""

import ast
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cinefile.catalogue.genre_names import IMDB27_LABELS, TMDB_UNKNOWN, WIKIPEDIA_UNKNOWN, to_miad
from cinefile.errors import InputError
from cinefile.titles import split_year

ALL_KNOWN: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LabelledFilm:
    """One labelled film of one source.

    Attributes:
        source: ``miad``, ``tmdb``, ``tmdb-5000``, ``the-movies-dataset``, ``wikipedia`` or ``imdb``.
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
    unknown: frozenset[str] = ALL_KNOWN
    imdb27: str | None = None
    ids: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The main title."""
        return self.names[0]


def _csv(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def miad(path: Path, member: str) -> list[LabelledFilm]:
    """All rows of ``dataTraining.zip`` or ``dataTesting.zip``, in file order; the latter have no genres."""
    with zipfile.ZipFile(path) as archive, archive.open(member) as raw:
        rows = csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))
        return [
            LabelledFilm(
                "miad", (r["title"],), int(r["year"]), r["plot"], to_miad(ast.literal_eval(r.get("genres") or "[]"))
            )
            for r in rows
        ]


def imdb27(path: Path) -> list[LabelledFilm]:
    """Rows of ``ID ::: TITLE ::: GENRE ::: DESCRIPTION``; test files without the genre give ``imdb27=None``."""
    films = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split(" ::: ")
        if len(parts) not in (3, 4):
            raise InputError(f"{path}, line {number}: {len(parts)} fields where 3 or 4 were expected.")
        title, year = split_year(parts[1])
        genre = parts[2].strip() if len(parts) == 4 else None
        if genre is not None and genre not in IMDB27_LABELS:
            raise InputError(f"{path}, line {number}: unknown genre {genre!r}.")
        films.append(LabelledFilm("imdb", (title,), year, parts[-1].strip(), to_miad([genre or ""]), imdb27=genre))
    return films


def _tmdb_film(source: str, row: dict[str, object], genres: list[dict[str, object]]) -> LabelledFilm | None:
    plot, labels = str(row.get("overview") or "").strip(), to_miad(str(g["name"]) for g in genres)
    names = tuple(dict.fromkeys(str(row[k]) for k in ("title", "original_title") if row.get(k)))
    if not plot or not labels or not names:
        return None
    date = str(row.get("release_date") or "")
    year = int(date[:4]) if re.match(r"\d{4}", date) else None
    ids = [f"tmdb:{row['id']}"] + ([f"imdb:{row['imdb_id']}"] if row.get("imdb_id") else [])
    return LabelledFilm(source, names, year, plot, labels, TMDB_UNKNOWN, ids=tuple(ids))


def tmdb_years(folder: Path) -> Iterator[LabelledFilm]:
    """Films of the TMDB API's yearly JSON lists; the placeholder at the head of each is skipped."""
    for path in sorted(folder.glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            if "title" in row and (film := _tmdb_film("tmdb", row, row.get("genres") or [])):
                yield film


def tmdb_5000(path: Path) -> Iterator[LabelledFilm]:
    """Films of tmdb_5000_movies.csv."""
    for row in _csv(path):
        if film := _tmdb_film("tmdb-5000", dict(row), json.loads(row["genres"])):
            yield film


def movies_dataset(path: Path) -> Iterator[LabelledFilm]:
    """Films of movies_metadata.csv (or a slice); rows that are torn over lines are skipped."""
    for row in _csv(path):
        if not str(row.get("genres", "")).startswith("["):
            continue
        if film := _tmdb_film("the-movies-dataset", dict(row), ast.literal_eval(row["genres"])):
            yield film


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


def wikipedia(folder: Path) -> Iterator[LabelledFilm]:
    """Films of Wikipedia's decade lists whose opening tells some of the story."""
    for path in sorted(folder.glob("movies-*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            labels, plot = to_miad(row.get("genres", [])), wikipedia_plot(row.get("extract") or "")
            if labels and plot:
                yield LabelledFilm("wikipedia", (row["title"],), row["year"], plot, labels, WIKIPEDIA_UNKNOWN)
