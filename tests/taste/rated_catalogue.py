"""The catalogue of forty films with the ratings of a small world in it."""

from pathlib import Path

import duckdb
import pyarrow as pa
from tests.small_catalogue import write_small_catalogue
from tests.taste.ratings_fixture import small_world


def write_rated_catalogue(path: Path) -> Path:
    """Write it; ratings are of films 1 to 30, so that ten are cold, by users 1000 to 1079."""
    write_small_catalogue(path)
    users, films, stars = small_world()
    films = (films - 7) // 3 + 1
    keep = films <= 30
    rows = pa.table({"user_id": users[keep], "film_id": films[keep], "stars": stars[keep]})
    with duckdb.connect(str(path)) as connection:
        connection.register("rows", rows)
        connection.execute("INSERT INTO ratings BY NAME SELECT 'tiny' AS source, user_id, film_id, stars FROM rows")
    return path
