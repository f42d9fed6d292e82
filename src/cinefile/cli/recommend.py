"""`cinefile recommend`: what to watch next, for a user of the catalogue or from an export."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cinefile import settings
from cinefile.cli import output
from cinefile.cli.spark_options import LOCAL, Conf, Engine, EngineOption, Master, Store, cluster, store_of
from cinefile.errors import InputError

_SHOWN_UNUSABLE = 5

if TYPE_CHECKING:
    from cinefile.answers import ExportReport
    from cinefile.library import Library


def recommend(
    user: Annotated[
        str | None, typer.Option(help="A user of the catalogue's ratings; beside --ratings, a person in that file.")
    ] = None,
    ratings: Annotated[
        list[Path] | None,
        typer.Option(
            help="An export: Letterboxd zip, ratings of IMDb, Trakt and other sites, or a CSV with title, year, stars; "
            "- for what is piped in. Given several times: films for these people together."
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(metavar="FIELD=NAME,…", help="What the export's columns hold: title=Name,year=Made,stars=Mine."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Number of films.")] = 10,
    genre: output.Genre = None,
    language: output.Language = None,
    country: output.Country = None,
    decade: output.Decade = None,
    year_from: output.YearFrom = None,
    year_to: output.YearTo = None,
    longest: Annotated[int | None, typer.Option(help="Longest running time in minutes.")] = None,
    min_votes: output.MinVotes = None,
    exclude: Annotated[list[int] | None, typer.Option(help="Id of a film to leave out; may be repeated.")] = None,
    rarity: Annotated[float, typer.Option(min=-1, max=1, help="-1: what everybody watches; 1: what few know.")] = 0.0,
    diversity: Annotated[float, typer.Option(min=0, max=1, help="More makes the films less like each other.")] = 0.0,
    to_rate: Annotated[
        bool, typer.Option("--to-rate", help="Instead, the films whose stars would tell most about the person.")
    ] = False,
    everybody: Annotated[
        Path | None, typer.Option("--all", metavar="FILE", help="Write everybody's films to a Parquet file instead.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose people --all means, where several data sets have ratings.")
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

    Examples: `cinefile recommend --ratings letterboxd.zip --genre Horror --decade 1980`

    `cinefile recommend --ratings ann.zip --ratings bob.csv -k 5` for an evening together

    With --engine spark and --all, for everybody in --store; FILE is then a folder of Parquet files.
    """
    import cinefile

    if sum(bool(given) for given in (user is not None and not ratings, ratings, everybody)) != 1 or (
        user and everybody
    ):
        raise InputError("Whose films?", "Give one of --user ID, --ratings EXPORT and --all FILE.")
    if engine is Engine.spark:
        _spark(db, everybody, k, json, master, conf, store)
        return
    filters: dict[str, Any] = {
        "genre": genre,
        "language": language,
        "country": country,
        "decade": decade,
        "year_from": year_from,
        "year_to": year_to,
        "runtime_to": longest,
        "min_votes": min_votes,
    }
    with cinefile.open(db) as lib:
        if everybody is not None:
            from cinefile.taste.recommend_everybody import write_everybody

            people, others = _everybody(lib, source)
            count = write_everybody(lib.taste_model(), people, k, everybody)
            if others:
                output.say(f"Left out are the people of {', '.join(others)}: --source NAME chooses a data set.")
            if json:
                output.emit_json({"people": count, "file": str(everybody)})
            else:
                output.say(f"{everybody}: {k} films each for {count:,} people.")
            return
        reports = [_matched(lib, export, user, corrections, _mapping(columns)) for export in ratings or ()]
        document = _documents(reports)
        if to_rate:
            if len(reports) != 1:
                raise InputError("Films to rate are for one person.", "Give --ratings once.")
            _say_to_rate(lib, reports[0], k, json)
            return
        wanted = {"exclude": exclude or [], "rarity": rarity, "diversity": diversity, **filters}
        wanted["exclude"] = [*wanted["exclude"], *(film_id for report in reports for film_id in report.seen)]
        if len(reports) > 1:
            films = [film.document() for film in lib.recommend_for_group([r.ratings for r in reports], k, **wanted)]
        elif reports:
            films = [film.document() for film in lib.recommend(reports[0].ratings, k=k, **wanted)]
        else:
            films = [film.document() for film in lib.recommend(user=_user_id(user), k=k, **wanted)]
    if json:
        output.emit_json({"films": films, **document})
        return
    last = "stars of each" if len(reports) > 1 else "because you rated"
    rows = [
        [f["title"], f["year"], f["stars"], ", ".join(r["title"] for r in f["because"])]
        if "because" in f
        else [f["title"], f["year"], f["stars"], ", ".join(f"{stars:.1f}" for stars in f["members"])]
        for f in films
    ]
    output.table(["title", "year", "stars", last], rows)


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


def _user_id(user: str | None) -> int | None:
    if user is None or user.isdecimal():
        return None if user is None else int(user)
    raise InputError(f"{user!r} is no user of the catalogue's ratings.", "Their ids are whole numbers.")


def _mapping(columns: str | None) -> dict[str, str]:
    """Names of columns by field, from ``title=Name,year=Made``."""
    pairs = [pair.partition("=") for pair in (columns or "").split(",") if pair.strip()]
    wrong = [field for field, equals, name in pairs if not equals or not name.strip()]
    if wrong:
        raise InputError(f"--columns {wrong[0]!r} names no column.", "Write title=NAME,year=NAME,stars=NAME.")
    return {field.strip(): name.strip() for field, _, name in pairs}


def _matched(
    lib: "Library", export: Path, user: str | None, corrections: Path | None, columns: dict[str, str]
) -> "ExportReport":
    there = corrections is not None and corrections.is_file()
    report = lib.match_export(export, user=user, corrections=corrections, columns=columns)
    counts = ", ".join(f"{count:,} {how}" for how, count in report.counts().items())
    output.say(f"{export}: {len(report):,} rows: {counts or 'none'}.")
    for kind in report.kinds:
        if not kind.endswith(" has ratings"):
            output.say(f"{kind}.")
    if report.listed:
        output.say(f"{report.listed:,} films on lists without stars: not counted as seen.")
    for name, count in report.not_understood.items():
        output.say(f"Column {name}: {count:,} cells could not be understood.")
    for row in [row for row in report if row.how == "unusable"][:_SHOWN_UNUSABLE]:
        output.say(f"{row.file}, line {row.line}: {row.title or 'a row'} is not used: {row.why}.")
    if corrections is not None and not there:
        output.say(f"Wrote {corrections}: change film_id there and run again to correct.")
    if "suggested" in report.counts():
        output.say(
            "Suggested films are not used: confirm them in a --corrections file with the word yes in column how."
        )
    if not report.ratings:
        raise InputError(*_why_nothing(report))
    return report


def _why_nothing(report: "ExportReport") -> tuple[str, str]:
    if any(row.stars is not None for row in report):
        return (
            "None of the export's ratings could be matched to a film of this catalogue.",
            "--corrections FILE.csv writes what each row was taken for, to be corrected.",
        )
    kinds = "; ".join(kind for kind in report.kinds) or "The file is empty"
    return f"There are no ratings to go by: {kinds}.", "Give the site's file of ratings."


def _documents(reports: "Sequence[ExportReport]") -> dict[str, Any]:
    """What was matched, as it is used: stars of films rated, films seen, and the number of rows by how they matched."""
    if not reports:
        return {}
    counts: Counter[str] = Counter()
    rated: list[dict[str, Any]] = []
    seen: list[dict[str, Any]] = []
    for report in reports:
        counts.update(report.counts())
        for film_id, film in report.seen.items():
            stars = report.ratings.get(film_id)
            row = {"film_id": film_id, "title": film.title, "year": film.year, "stars": stars}
            (seen if stars is None else rated).append(row)
    missed: Counter[str] = Counter()
    for report in reports:
        missed.update(report.not_understood)
    suggested = [
        {"row": row.title, "film_id": row.film.film_id, "title": row.film.title, "year": row.film.year, "why": row.why}
        for report in reports
        for row in report
        if row.how == "suggested" and row.film
    ]
    document = {"ratings": rated, "seen": seen, "matched": dict(counts), "suggested": suggested}
    return {**document, "not_understood": dict(missed)}


def _say_to_rate(lib: "Library", report: "ExportReport", k: int, json: bool) -> None:
    found = lib.what_to_rate_next(report.ratings, k)
    if json:
        output.emit_json(found.document())
    else:
        output.table(["film_id", "title", "year"], [[film.film_id, film.title, film.year] for film in found])


def _everybody(lib: "Library", source: str | None) -> tuple[dict[int, dict[int, float]], list[str]]:
    """Everybody's ratings in one data set, by default the first by name, and the names of the other data sets."""
    known = [name for (name,) in lib.sql("SELECT DISTINCT source FROM ratings ORDER BY source").rows]
    chosen = source if source is not None else next(iter(known), None)
    if source is not None and source not in known:
        raise InputError(f"There are no ratings of {source!r}.", f"There are those of: {', '.join(known) or 'nobody'}.")
    people: dict[int, dict[int, float]] = {}
    rows = lib.facts.rows("SELECT user_id, film_id, stars FROM ratings WHERE source = ? ORDER BY ALL", [chosen])
    for user_id, film_id, stars in rows:
        people.setdefault(user_id, {})[film_id] = stars
    return people, [name for name in known if name != chosen]
