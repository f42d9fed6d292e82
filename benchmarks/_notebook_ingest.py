"""The usual notebook way to prepare The Movies Dataset: pandas, and `ast.literal_eval` on every nested column.

Reads movies_metadata.csv and credits.csv, drops unusable ids, exact duplicates and repeated ids, computes year, profit
and return, explodes the nested columns into tables, merges the credits in, and writes Parquet. What public notebooks
do one by one, in one script and with nothing added.

Usage: python -m benchmarks._notebook_ingest FOLDER OUT
"""

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

NESTED = ["genres", "production_companies", "production_countries", "spoken_languages"]


def literal(cell: Any) -> Any:
    """Value of a nested cell; None where it is empty or broken."""
    try:
        return ast.literal_eval(cell) if isinstance(cell, str) else None
    except (ValueError, SyntaxError):
        return None


def exploded(frame: pd.DataFrame, column: str, fields: list[str]) -> pd.DataFrame:
    """One row per item of a nested column."""
    pairs = frame[["id", column]].explode(column).dropna(subset=[column])
    items = pd.json_normalize(pairs[column].tolist())
    items = items.reindex(columns=fields).add_prefix(f"{column}_")
    items.insert(0, "film_id", pairs["id"].to_numpy())
    return items


def ingest(folder: Path, out: Path) -> dict[str, int]:
    """Read, clean, explode, merge, write. Gives the rows of each table."""
    films = pd.read_csv(folder / "movies_metadata.csv", low_memory=False)
    credits = pd.read_csv(folder / "credits.csv")
    films["id"] = pd.to_numeric(films["id"], errors="coerce")
    films = films.dropna(subset=["id", "title"]).drop_duplicates()
    films["id"] = films["id"].astype("int64")
    films = films.drop_duplicates("id", keep="first")
    credits = credits.drop_duplicates("id", keep="first")

    films["release_date"] = pd.to_datetime(films["release_date"], errors="coerce")
    films["year"] = films["release_date"].dt.year
    for column in ("budget", "revenue", "runtime", "popularity", "vote_average", "vote_count"):
        films[column] = pd.to_numeric(films[column], errors="coerce")
    for column in ("budget", "revenue", "runtime", "vote_count"):
        films[column] = films[column].where(films[column] != 0)
    films["profit"] = films["revenue"] - films["budget"]
    films["return"] = films["revenue"] / films["budget"]

    for column in [*NESTED, "belongs_to_collection"]:
        films[column] = films[column].apply(literal)
    for column in ("cast", "crew"):
        credits[column] = credits[column].apply(literal)
    films = films.merge(credits, on="id", how="left")

    collections = films["belongs_to_collection"]
    films["collection_id"] = collections.apply(lambda c: c["id"] if isinstance(c, dict) else None)
    films["collection"] = collections.apply(lambda c: c["name"] if isinstance(c, dict) else None)
    crew = exploded(films, "crew", ["id", "name", "gender", "department", "job"])
    tables = {
        "genres": exploded(films, "genres", ["id", "name"]),
        "companies": exploded(films, "production_companies", ["id", "name"]),
        "countries": exploded(films, "production_countries", ["iso_3166_1", "name"]),
        "cast": exploded(films, "cast", ["id", "name", "gender", "character", "order"]),
        "crew": crew,
        "directors": crew[crew["crew_job"] == "Director"],
        "films": films.drop(columns=[*NESTED, "belongs_to_collection", "cast", "crew"]),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(out / f"{name}.parquet", index=False)
    return {name: len(table) for name, table in tables.items()}


if __name__ == "__main__":
    json.dump(ingest(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
