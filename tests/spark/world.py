"""A data set as MovieLens has it, with what goes wrong in real ones, small enough for every test."""

from pathlib import Path

import numpy as np
from tests.taste.ratings_fixture import small_world

FILMS = 60


def write_films(folder: Path) -> Path:
    """``movies.csv`` with all films of the ratings but one."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f'{n * 3 + 7},"Film {n} ({1980 + n % 30})",{"Comedy" if n % 2 else "Drama|Horror"}' for n in range(FILMS)]
    file = folder / "movies.csv"
    file.write_text("movieId,title,genres\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def write_ratings(folder: Path) -> Path:
    """``ratings.csv``: 260 people, one with many ratings; repeats, and rows that are rejected."""
    folder.mkdir(parents=True, exist_ok=True)
    users, films, stars = small_world(260, FILMS, 0.3)
    rows = [
        f"{u},{f},{s},{1_000_000_000 + 60 * n}" for n, (u, f, s) in enumerate(zip(users, films, stars, strict=True))
    ]
    rng = np.random.default_rng(1)
    keen = [f"5,{n * 3 + 7},{s},{1_100_000_000 + n}" for n, s in enumerate(rng.integers(1, 11, FILMS) / 2)]
    again = [f"5,{n * 3 + 7},4.5,1200000000" for n in range(0, FILMS, 2)] + ["5,7,1.0,1200000000", "5,10,1.0,900000000"]
    bad = ["1000,7,5.5,1000000000", "x,7,3.0,1000000000", "1000,7,3.0", "1000,99999,3.0,1000000000", "", "1001,7,,1"]
    bad += ["3000000000,7,3.0,1000000000", "1002,7,3.0,1000000000000"]
    middle = len(rows) // 2
    lines = [*rows[:middle], *keen, *bad, *rows[middle:], *again, "2000,13,3.7,1000000001"]
    file = folder / "ratings.csv"
    file.write_text("userId,movieId,rating,timestamp\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file
