"""Writes the tiny data sets of this folder: MovieLens' format with simulated ratings, MIAD's with invented films.

    python docs/notebooks/tiny/make.py

Titles, ids and genres of `ml-tiny` are those of 120 well-known films of the starter catalogue; its ratings are drawn:
each person likes some genres. The films of `miad-tiny` do not exist.
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import cinefile

HERE = Path(__file__).parent
GENRES = ("Sci-Fi", "Comedy", "Romance", "Horror", "Crime", "Animation", "War", "Western")
NAMES = {"Sci-Fi": "Sci-Fi", "Family": "Children"}
FILMS = """
    SELECT film_id, title, year, list(DISTINCT genre ORDER BY genre),
           max(value) FILTER (kind = 'movielens'), max(value) FILTER (kind = 'imdb'), max(value) FILTER (kind = 'tmdb')
    FROM films JOIN genres USING (film_id) JOIN external_ids USING (film_id)
    GROUP BY film_id, title, year HAVING max(value) FILTER (kind = 'movielens')::INTEGER < 4000
    ORDER BY any_value(vote_count) DESC NULLS LAST, film_id LIMIT 120
"""


def main() -> None:
    """Write both."""
    with cinefile.open() as lib:
        films = lib.sql(FILMS, limit=120).rows
    movielens(films)
    miad()


def movielens(films: Iterable[tuple[object, ...]]) -> None:
    """movies.csv, links.csv and ratings.csv of 80 people with 30 to 70 ratings each."""
    random = np.random.default_rng(0)
    films = sorted(films, key=lambda film: int(str(film[4])))
    folder = HERE / "ml-tiny"
    rows = [(f[4], f"{f[1]} ({f[2]})", "|".join(NAMES.get(g, g) for g in f[3])) for f in films]  # type: ignore[union-attr]
    write(folder / "movies.csv", ("movieId", "title", "genres"), rows)
    write(folder / "links.csv", ("movieId", "imdbId", "tmdbId"), ((f[4], str(f[5])[2:], f[6]) for f in films))
    has = np.array([[genre in film[3] for genre in GENRES] for film in films], dtype=float)  # type: ignore[operator]
    quality = random.normal(0, 0.4, len(films))
    ratings = []
    for user in range(1, 81):
        likes = random.normal(0, 1.3, len(GENRES))
        for film in random.choice(len(films), random.integers(30, 71), replace=False):
            stars = 3.5 + quality[film] + has[film] @ likes / max(1, has[film].sum()) ** 0.5 + random.normal(0, 0.4)
            time = 1_500_000_000 + int(random.integers(0, 10**8))
            ratings.append((user, films[film][4], min(5.0, max(0.5, round(2 * stars) / 2)), time))
    write(folder / "ratings.csv", ("userId", "movieId", "rating", "timestamp"), ratings)


def miad() -> None:
    """dataTraining.zip, from plots.txt: title | year | genres | rating, and the plot on the line after."""
    lines = (HERE / "plots.txt").read_text(encoding="utf-8").strip().splitlines()
    rows = []
    for number, (head, plot) in enumerate(zip(lines[::2], lines[1::2], strict=True), start=1):
        title, year, genres, rating = (cell.strip() for cell in head.split("|"))
        rows.append((number, year, title, plot, str(genres.split(", ")), rating))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("", "year", "title", "plot", "genres", "rating"), *rows])
    entry = zipfile.ZipInfo("dataTraining.csv", (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    folder = HERE / "miad-tiny"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "dataTraining.zip", "w") as archive:
        archive.writestr(entry, text.getvalue())


def write(file: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A CSV file as MovieLens writes them."""
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
