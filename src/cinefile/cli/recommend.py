"""`cinefile recommend`: what to watch next, for a user of the catalogue or from an export."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cinefile import settings
from cinefile.cli import output
from cinefile.cli.spark_options import LOCAL, Conf, Engine, EngineOption, Master, Store, cluster, store_of
from cinefile.errors import InputError

if TYPE_CHECKING:
    from cinefile.exports import FilmIndex, MatchReport
    from cinefile.library import Library

# Of two films that fit an export's row, the better known is meant: by votes, and where there are none by ratings.
_FILMS = """
    SELECT f.film_id, f.title, f.year, any_value(e.value) FILTER (e.kind = 'imdb'),
           any_value(e.value) FILTER (e.kind = 'movielens'), coalesce(any_value(a.names), []),
           coalesce(any_value(f.vote_count), 0) + coalesce(any_value(r.ratings), 0)
    FROM films f
    LEFT JOIN external_ids e USING (film_id)
    LEFT JOIN (SELECT film_id, list(title ORDER BY title) AS names FROM aliases GROUP BY film_id) a USING (film_id)
    LEFT JOIN (SELECT film_id, count(*) AS ratings FROM ratings GROUP BY film_id) r USING (film_id)
    GROUP BY f.film_id, f.title, f.year ORDER BY f.film_id
"""


def recommend(
    user: Annotated[int | None, typer.Option(help="Id of a user in the catalogue's ratings.")] = None,
    ratings: Annotated[
        Path | None,
        typer.Option(help="An export: Letterboxd zip, IMDb or MovieLens ratings, or a CSV with title, year, stars."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Number of films.")] = 10,
    everybody: Annotated[
        Path | None, typer.Option("--all", metavar="FILE", help="Write everybody's films to a Parquet file instead.")
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(help="File of corrected matches. It is used where it exists, else written with all matches."),
    ] = None,
    db: output.Db = None,
    json: output.Json = False,
    engine: EngineOption = Engine.local,
    master: Master = LOCAL,
    conf: Conf = None,
    store: Store = None,
) -> None:
    """Recommend films, with the predicted stars and the ratings that explain each.

    With --engine spark and --all, for everybody in --store; FILE is then a folder of Parquet files.
    """
    import cinefile

    if sum(given is not None for given in (user, ratings, everybody)) != 1:
        raise InputError("Whose films?", "Give one of --user ID, --ratings EXPORT and --all FILE.")
    if engine is Engine.spark:
        _spark(db, everybody, k, json, master, conf, store)
        return
    with cinefile.open(db) as lib:
        if everybody is not None:
            from cinefile.taste.recommend_everybody import write_everybody

            count = write_everybody(lib.taste_model(), _everybody(lib), k, everybody)
            if json:
                output.emit_json({"people": count, "file": str(everybody)})
            else:
                output.say(f"{everybody}: {k} films each for {count:,} people.")
            return
        document: dict[str, Any] = {}
        if ratings is not None:
            report = _matched(lib, ratings, corrections)
            document["matched"] = report.counts()
            films = _picks(lib, report.ratings, k, report.seen)
        else:
            films = [film.document() for film in lib.recommend(user=user, k=k).films]
    document = {"films": films, **document}
    if json:
        output.emit_json(document)
        return
    rows = [[f["title"], f["year"], f["stars"], ", ".join(r["title"] for r in f["because"])] for f in films]
    output.table(["title", "year", "stars", "because you rated"], rows)


def _spark(
    db: str | None, out: Path | None, k: int, json: bool, master: str, conf: list[str] | None, store: str | None
) -> None:
    if out is None:
        raise InputError("--engine spark recommends for everybody.", "Give --all FOLDER, or leave --engine out.")
    catalogue = Path(db or str(settings.get("db"))).expanduser()
    with cluster(master, conf) as context:
        from cinefile.spark import batch_jobs, shared_files

        ratings, model = store_of(catalogue, store), catalogue.with_suffix(".taste")
        count = batch_jobs.write_everybody(context, model, ratings, k, shared_files.Folder(str(out)))
    if json:
        output.emit_json({"people": count, "file": str(out)})
    else:
        output.say(f"{out}: {k} films each for {count:,} people.")


def _picks(lib: "Library", ratings: Mapping[int, float], k: int, seen: set[int]) -> list[dict[str, Any]]:
    """The library's picks less the films that were seen but not rated."""
    if not ratings:
        raise InputError("None of the export's ratings could be matched to a film of this catalogue.")
    # One more pick is asked for per film seen without stars, as far as the library goes.
    more = min(100, k + len(seen - ratings.keys()))
    films = [film.document() for film in lib.recommend(ratings, k=more).films]
    return [film for film in films if film["film_id"] not in seen][:k]


def _matched(lib: "Library", export: Path, corrections: Path | None) -> "MatchReport":
    from cinefile.exports import match, read_corrections, read_export

    rows = read_export(export)
    known = read_corrections(corrections) if corrections is not None and corrections.is_file() else None
    report = match(rows, _index(lib), known)
    counts = ", ".join(f"{count:,} {how}" for how, count in report.counts().items())
    output.say(f"{export}: {len(rows):,} rows: {counts}.")
    if corrections is not None and known is None:
        output.say(f"Wrote {report.write_corrections(corrections)}: change film_id there and run again to correct.")
    return report


def _index(lib: "Library") -> "FilmIndex":
    from cinefile.exports import FilmIndex

    columns = list(zip(*lib.facts.rows(_FILMS), strict=True))
    if not columns:
        raise InputError(f"{lib.path} has no films.", "Ingest some first.")
    ids, titles, years, imdb, movielens, aliases, fame = columns
    return FilmIndex(ids, titles, years, imdb, [int(m) if m else None for m in movielens], aliases, fame)


def _everybody(lib: "Library") -> dict[int, dict[int, float]]:
    people: dict[int, dict[int, float]] = {}
    sql = "SELECT user_id, film_id, stars FROM ratings WHERE source = (SELECT min(source) FROM ratings) ORDER BY ALL"
    for user_id, film_id, stars in lib.facts.rows(sql):
        people.setdefault(user_id, {})[film_id] = stars
    return people
