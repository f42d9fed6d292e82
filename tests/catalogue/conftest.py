"""Small data sets in the raw formats, written for these tests."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

METADATA = [
    "adult", "belongs_to_collection", "budget", "genres", "homepage", "id", "imdb_id", "original_language",
    "original_title", "overview", "popularity", "poster_path", "production_companies", "production_countries",
    "release_date", "revenue", "runtime", "spoken_languages", "status", "tagline", "title", "video",
    "vote_average", "vote_count",
]  # fmt: skip
Film = dict[str, str]


def film(id_: int, title: str, date: str, **more: str) -> Film:
    """A row of movies_metadata.csv, with what a film usually has."""
    row = dict.fromkeys(METADATA, "")
    row |= {"adult": "False", "id": str(id_), "title": title, "original_title": title, "release_date": date}
    row |= {"budget": "0", "revenue": "0", "runtime": "90.0", "vote_average": "6.0", "vote_count": "10"}
    row |= {"genres": "[{'id': 18, 'name': 'Drama'}]", "original_language": "en", "overview": f"What {title} tells."}
    return row | more


def person(id_: int, name: str, order: int = 0, character: str = "Self") -> dict[str, object]:
    """An entry of the cast."""
    return {
        "cast_id": 1,
        "character": character,
        "credit_id": "x",
        "gender": 0,
        "id": id_,
        "name": name,
        "order": order,
    }


def director(id_: int, name: str) -> dict[str, object]:
    """An entry of the crew."""
    return {"credit_id": "x", "department": "Directing", "gender": 2, "id": id_, "job": "Director", "name": name}


def write_rows(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """A CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(list(header))
        writer.writerows(rows)


@pytest.fixture
def tmd(tmp_path: Path) -> Callable[..., Path]:
    """Writes a folder in the format of The Movies Dataset."""

    def write(
        films: list[Film],
        credits: Iterable[tuple[object, object, object]] = (),
        name: str = "tmd",
        keywords: Iterable[tuple[object, object]] = (),
        links: Iterable[tuple[object, object, object]] = (),
    ) -> Path:
        folder = tmp_path / name
        write_rows(folder / "movies_metadata.csv", METADATA, [[f[c] for c in METADATA] for f in films])
        if credits:
            write_rows(folder / "credits.csv", ["cast", "crew", "id"], credits)
        if keywords:
            write_rows(folder / "keywords.csv", ["id", "keywords"], keywords)
        if links:
            write_rows(folder / "links.csv", ["movieId", "imdbId", "tmdbId"], links)
        return folder

    return write


@pytest.fixture
def movielens(tmp_path: Path) -> Callable[..., Path]:
    """Writes a folder in the format of MovieLens latest."""

    def write(
        films: Iterable[tuple[int, str, str]],
        ratings: Iterable[tuple[int, int, float, int]] = (),
        links: Iterable[tuple[int, str, str]] = (),
        name: str = "ml-test",
    ) -> Path:
        folder = tmp_path / name
        write_rows(folder / "movies.csv", ["movieId", "title", "genres"], films)
        if ratings:
            write_rows(folder / "ratings.csv", ["userId", "movieId", "rating", "timestamp"], ratings)
        if links:
            write_rows(folder / "links.csv", ["movieId", "imdbId", "tmdbId"], links)
        return folder

    return write
