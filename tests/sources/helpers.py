"""Tiny data sets in the raw formats, made up for the tests."""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

from cinefile.sources import SCHEMAS, recognise

METADATA = [
    *("adult", "belongs_to_collection", "budget", "genres", "homepage", "id", "imdb_id", "original_language"),
    *("original_title", "overview", "popularity", "poster_path", "production_companies", "production_countries"),
    *("release_date", "revenue", "runtime", "spoken_languages", "status", "tagline", "title", "video"),
    *("vote_average", "vote_count"),
]


def metadata_row(**values: object) -> dict[str, str]:
    """A row of movies_metadata.csv."""
    row = dict.fromkeys(METADATA, "") | {
        "adult": "False", "id": "7", "title": "A Film", "original_title": "Un film", "budget": "100", "revenue": "0",
        "genres": "[{'id': 18, 'name': 'Drama'}]", "release_date": "1999-12-31", "runtime": "81.0",
        "popularity": "1.5", "vote_average": "7.5", "vote_count": "12", "original_language": "fr",
    }  # fmt: skip
    return row | {k: str(v) for k, v in values.items()}


def as_csv(columns: list[str], rows: list[dict[str, str]]) -> str:
    """CSV text with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def metadata(*rows: dict[str, str]) -> str:
    """Text of a movies_metadata.csv."""
    return as_csv(METADATA, list(rows))


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows under a path, by kind. Checks that every batch keeps to its schema."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in SCHEMAS}
    for dataset in recognise(path):
        last: Counter[str] = Counter()
        for rows in dataset.read():
            rows.batch.validate(full=True)
            assert rows.batch.schema == SCHEMAS[rows.kind]
            assert all(rows.batch[f.name].null_count == 0 for f in rows.batch.schema if not f.nullable)
            assert rows.batch.num_rows > 0
            assert rows.bytes_read >= last[rows.file]
            last[rows.file] = rows.bytes_read
            found[rows.kind] += rows.batch.to_pylist()
        assert all(last[f.name] <= f.size for f in dataset.files)
    return found


def reasons(found: dict[str, list[dict[str, Any]]]) -> list[tuple[int, str]]:
    """(line, reason) of the rejects."""
    return [(r["line"], r["reason"]) for r in found["reject"]]
