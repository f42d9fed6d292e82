"""The merge table: which films of which source were taken to be the same, by which rule, and how often that is right.

`python -m benchmarks merges` ingests all public data sets into one catalogue and writes results/merges.json (films per
source and rule; for the title rules the share that ids confirm when they are hidden first) and, in the current folder,
merges-sample.tsv (200 title merges to look at, with what speaks for each). The verdicts of that look are
results/merges-checked.tsv, which is read back into merges.json with its precision and Wilson interval.
"""

import csv
import math
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import _results
from benchmarks._hidden_ids import measure
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest import ingest
from cinefile.catalogue.ingest.matching import RULES

SAMPLE = 200
_TITLE_RULES = "(" + ", ".join(f"'{rule.name}'" for rule in RULES) + ")"
COLUMNS = ["source", "key", "title", "year", "film title", "film year", "rule"]


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927, JASA 22); z = 1.96 gives 95%."""
    if total == 0:
        return 0.0, 1.0
    p, z2 = right / total, z * z
    middle = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = z * math.sqrt(p * (1 - p) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return middle - half, middle + half


def table(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = cursor.execute("SELECT source, rule, count(*) FROM merges GROUP BY ALL ORDER BY ALL").fetchall()
    return [{"source": s, "rule": r, "rows": n} for s, r, n in rows]


def sample(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A sample of the title merges that depends on nothing but the merges, with the evidence of both sides."""
    rows = cursor.execute(f"""
        WITH s AS (SELECT * FROM merges WHERE rule IN {_TITLE_RULES}
                   ORDER BY md5(source || key || title), source, key LIMIT {SAMPLE})
        SELECT s.source, s.key, s.title, s.year, f.title, f.year, s.rule,
            (SELECT string_agg(DISTINCT source, ' ' ORDER BY source) FROM merges m
             WHERE m.film_id = s.film_id AND m.source != s.source) AS others,
            (SELECT string_agg(source || ': ' || g, ' | ' ORDER BY source) FROM (
                SELECT source, string_agg(genre, ',' ORDER BY genre) AS g FROM genres
                WHERE film_id = s.film_id GROUP BY source)) AS genres,
            (SELECT string_agg(p.name || CASE WHEN job = 'Director' THEN ' (d)' ELSE '' END || '/' || c.source, ', ')
             FROM (SELECT * FROM credits WHERE film_id = s.film_id AND (job = 'Director' OR position < 4)) c
             JOIN people p USING (person_id)) AS people,
            (SELECT string_agg('[' || source || '] ' || left(plot, 220), ' ' ORDER BY source) FROM plots
             WHERE film_id = s.film_id) AS plots
        FROM s JOIN films f USING (film_id) ORDER BY s.source, s.rule, s.title
    """).fetchall()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow([*COLUMNS, "others", "genres", "people", "plots"])
        writer.writerows([[" ".join(str(v).split()) for v in row] for row in rows])


def checked(path: Path) -> dict[str, Any]:
    """The verdicts of those who looked: right, wrong, or unsure (which counts as wrong)."""
    with path.open(encoding="utf-8", newline="") as file:
        verdicts = [row["verdict"] for row in csv.DictReader(file, delimiter="\t")]
    right = verdicts.count("right")
    low, high = wilson(right, len(verdicts))
    return {
        "looked_at": len(verdicts), "right": right,
        "wrong": verdicts.count("wrong"), "unsure": verdicts.count("unsure"),
        "precision": round(right / len(verdicts), 4), "wilson_95": [round(low, 4), round(high, 4)],
    }  # fmt: skip


def main(full: bool) -> None:
    """Run it; `full` changes nothing."""
    data = _results.data_folder()
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "all.duckdb"
        result = ingest([data], db)
        with Catalogue(db) as catalogue, catalogue.cursor() as cursor:
            merges = table(cursor)
            sample(cursor, Path("merges-sample.tsv"))
    document: dict[str, Any] = {
        "films": result.films, "people": result.people, "ratings": result.ratings, "rows_read": result.rows_read,
        "stored": result.stored, "merged": result.merged, "rejected": result.rejected, "merges": merges,
        "hidden_ids": measure(data),
    }  # fmt: skip
    verdicts = _results.FOLDER / "merges-checked.tsv"
    if verdicts.exists():
        document["checked"] = checked(verdicts)
    _results.write("merges", document, "python -m benchmarks merges")
