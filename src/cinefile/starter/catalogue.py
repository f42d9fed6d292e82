"""Build the starter catalogue: `python -m cinefile.starter.catalogue DATA_FOLDER`."""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb

from cinefile.atomic_files import replace
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest import ingest, workspace
from cinefile.errors import InputError

HERE = Path(__file__).resolve().parent
# Film ids follow the order in which films come, so the MovieLens films are 1, 2, … in the order of their ids.
SOURCES = ("movielens/ml-latest-small", "the-movies-dataset", "tmdb-5000", "tmdb-api")
LEADING = 8  # cast members kept of each film
# A sixteenth of DuckDB's usual: small tables otherwise take 256 KB for each column.
_BLOCK_SIZE = 16384

# The ratings go first, and their blocks are free for what is written later.
_PRUNE = f"""
    DELETE FROM target.ratings; CHECKPOINT target;
    CREATE TABLE kept AS SELECT DISTINCT film_id FROM external_ids WHERE kind = 'movielens' AND source = 'movielens';
    DELETE FROM w_films WHERE film_id NOT IN (SELECT film_id FROM kept);
    UPDATE w_films SET tagline = NULL, tagline_by = NULL, first_run = 1;
    DELETE FROM aliases WHERE film_id NOT IN (SELECT film_id FROM kept);
    DELETE FROM external_ids WHERE film_id NOT IN (SELECT film_id FROM kept);
    DELETE FROM genres WHERE film_id NOT IN (SELECT film_id FROM kept);
    DELETE FROM countries WHERE film_id NOT IN (SELECT film_id FROM kept);
    DELETE FROM keywords WHERE film_id NOT IN (SELECT film_id FROM kept);
    DELETE FROM merges WHERE film_id NOT IN (SELECT film_id FROM kept);
    DELETE FROM credits WHERE film_id NOT IN (SELECT film_id FROM kept)
        OR NOT (job = 'Director' OR (department = 'Acting' AND position < {LEADING}));
    DELETE FROM people WHERE person_id NOT IN (SELECT person_id FROM credits);
    DELETE FROM collections WHERE collection_id NOT IN (
        SELECT collection_id FROM w_films WHERE collection_id IS NOT NULL);
    UPDATE runs SET path = source;
    DELETE FROM plots; DELETE FROM companies; DELETE FROM rejects; DELETE FROM links;
"""
_COUNTS = {
    "films": "SELECT count(*) FROM films",
    "with a release date": "SELECT count(release_date) FROM films",
    "with runtime": "SELECT count(runtime) FROM films",
    "with original language": "SELECT count(language) FROM films",
    "with genres": "SELECT count(DISTINCT film_id) FROM genres",
    "with budget": "SELECT count(budget) FROM films",
    "with revenue": "SELECT count(revenue) FROM films",
    "with votes": "SELECT count(vote_count) FROM films",
    "with keywords": "SELECT count(DISTINCT film_id) FROM keywords",
    "with a director": "SELECT count(DISTINCT film_id) FROM credits WHERE job = 'Director'",
    "with leading cast": "SELECT count(DISTINCT film_id) FROM credits WHERE department = 'Acting'",
    "people": "SELECT count(*) FROM people",
    "with an IMDb id": "SELECT count(*) FROM external_ids WHERE kind = 'imdb'",
    "with a TMDB id": "SELECT count(*) FROM external_ids WHERE kind = 'tmdb'",
}

_MOVIELENS = """which films, titles, years, genres, MovieLens, IMDb and TMDB ids | research use; may be redistributed, \
also transformed, under the same conditions; no commercial use without permission; cite Harper and Konstan 2015, The \
MovieLens Datasets, ACM TiiS 5(4)"""
_TMDB = f"""dates, runtime, language, budget, revenue, votes, popularity, countries, collections, keywords, directors, \
the first {LEADING} of the cast | TMDB's terms: credit TMDB; this product uses the TMDB API but is not endorsed or \
certified by TMDB"""


def build(data: Path, out: Path = HERE) -> dict[str, int]:
    """Write `starter.duckdb` and `CARD.md`.

    Args:
        data: folder with the sources under the names of SOURCES.
        out: folder to write to.

    Returns:
        The card's counts.

    Raises:
        InputError: a source is not there.
    """
    paths = [data / name for name in SOURCES]
    if missing := [str(p) for p in paths if not p.exists()]:
        raise InputError(f"Not found: {', '.join(missing)}.", f"The folder must hold {', '.join(SOURCES)}.")
    with tempfile.TemporaryDirectory(dir=out, prefix=".starter-") as folder:
        full = Path(folder) / "full.duckdb"
        ingest(paths, full)
        connection = workspace.start(Path(folder), full, block_size=_BLOCK_SIZE)
        try:
            connection.execute(_PRUNE)
            workspace.finish(connection)
        finally:
            connection.close()
        replace(Path(folder) / workspace.BUILT, out / "starter.duckdb")
    with Catalogue(out / "starter.duckdb") as catalogue, catalogue.cursor() as cursor:
        counts = {name: _count(cursor, query) for name, query in _COUNTS.items()}
    (out / "CARD.md").write_text(_card(counts), encoding="utf-8")
    return counts


def _count(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(cursor.execute(query).fetchall()[0][0])


def _card(counts: dict[str, int]) -> str:
    rows = "\n".join(f"| {name} | {count:,} |" for name, count in counts.items())
    return f"""# The starter catalogue

Facts about the films of MovieLens latest-small, so that a fresh installation has something real to open. No plots, no
taglines, no ratings. Written by `python -m cinefile.starter.catalogue DATA_FOLDER`; do not edit.

| what | count |
|---|---|
{rows}

| source | what it gives | terms |
|---|---|---|
| MovieLens latest-small (GroupLens, 2018) | {_MOVIELENS} |
| The Movies Dataset, TMDB 5000 (Kaggle, 2017), TMDB API (2000-2012, 2019) | {_TMDB} |

Each value's source stands in the table `provenance`, each film's joins in `merges`. Films are numbered in the order \
of their MovieLens ids (`external_ids`, kind `movielens`). `mean_vote` and `minimum_votes` in `meta` are over these \
films.
"""


def main(arguments: list[str] | None = None) -> None:
    """The command line of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the public data sets")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    options = parser.parse_args(arguments)
    counts = build(options.data, options.out)
    for name, count in counts.items():
        sys.stdout.write(f"{count:>7,}  {name}\n")


if __name__ == "__main__":
    main()
