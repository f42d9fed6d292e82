"""How often the title rules are right: films that carry ids are matched without them, and the ids then judge.

A merge is right when both sides have an id in common, wrong when they have different ids of one kind; the few that no
id can judge are left out.
"""

import tempfile
from pathlib import Path
from typing import Any

from cinefile.catalogue.ingest import ingest, workspace
from cinefile.catalogue.ingest.run import Run
from cinefile.progress import Silent
from cinefile.sources.contract import DataPart, Source
from cinefile.sources.readers.data_files import Place
from cinefile.sources.registry import recognise

# What is matched, and the catalogue it is matched against.
TRIALS = (
    ("movielens/ml-latest-small", ("tmdb-5000", "tmdb-api", "the-movies-dataset")),
    ("tmdb-5000", ("movielens/ml-latest-small", "the-movies-dataset", "tmdb-api")),
    ("tmdb-api", ("movielens/ml-latest-small", "the-movies-dataset")),
)


class _Hidden(Source):
    """Stands for the source whose ids are hidden: the catalogue knows nothing of it."""

    name = "hidden"

    def parts(self, place: Place) -> list[DataPart]:
        """List nothing: the rows come from elsewhere."""
        return []


def measure(data: Path) -> list[dict[str, Any]]:
    """One row for each trial and rule: merges, those right, those wrong, and the films that were missed."""
    return [row for incoming, catalogue in TRIALS for row in _trial(data, incoming, catalogue)]


def _trial(data: Path, incoming: str, catalogue: tuple[str, ...]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ingest([data / source for source in catalogue], folder / "known.duckdb")
        connection = workspace.start(folder, folder / "known.duckdb")
        dataset = recognise(data / incoming)[0]
        run = Run(connection, _Hidden(), dataset.name, 0, Silent())
        run.stage(batch for batch in dataset.read() if batch.kind != "rating")
        connection.execute("""
            CREATE TABLE truth AS
            SELECT DISTINCT iid, film_id FROM in_ids JOIN external_ids USING (kind, value);
            CREATE TABLE said AS SELECT iid, kind, value FROM in_ids;
            DELETE FROM in_ids
        """)
        run.match()
        rules = connection.execute("""
            WITH differ AS (SELECT DISTINCT iid, film_id FROM matched JOIN said s USING (iid)
                            JOIN external_ids e USING (film_id, kind) WHERE e.value != s.value)
            SELECT rule, count(*) FILTER (t.iid IS NOT NULL),
                count(*) FILTER (t.iid IS NULL AND d.iid IS NOT NULL)
            FROM matched m LEFT JOIN truth t USING (iid, film_id) LEFT JOIN differ d USING (iid, film_id)
            WHERE rule != 'new' GROUP BY rule ORDER BY rule
        """).fetchall()
        connection.close()
    return [
        {"incoming": incoming, "catalogue": list(catalogue), "rule": rule, "right": right, "wrong": wrong}
        for rule, right, wrong in rules
    ]
