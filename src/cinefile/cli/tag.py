"""`cinefile tag`: genres of a plot, or of every plot in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cinefile.cli import output
from cinefile.cli.engines import LOCAL, Conf, Engine, EngineOption, Master, cluster
from cinefile.errors import InputError

if TYPE_CHECKING:
    from cinefile.genres.custom import CustomTagger
    from cinefile.genres.files import Summary
    from cinefile.genres.shipped import ShippedTagger


def tag(
    plot: Annotated[str | None, typer.Argument(help="The plot; - reads it from stdin.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="CSV, JSONL or Parquet with a column plot; title, year help.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where --file's result goes [default: beside it].")] = None,
    column: Annotated[str | None, typer.Option(help="Name of --file's column with the plot.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start --file over instead of going on.")] = False,
    title: Annotated[str | None, typer.Option(help="Title, if known.")] = None,
    year: Annotated[int | None, typer.Option(help="Release year, if known.")] = None,
    model: Annotated[str | None, typer.Option(help="multilabel, imdb27, or a tagger's folder.")] = None,
    threshold: Annotated[str, typer.Option(help="Least probability, or: tuned, common.")] = "0.1",
    top: Annotated[int | None, typer.Option(min=1, help="Give this many genres, whatever their probability.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the words that carried each genre.")] = False,
    json: output.Json = False,
    engine: EngineOption = Engine.local,
    master: Master = LOCAL,
    conf: Conf = None,
) -> None:
    """Tag a plot with genres and their probabilities.

    With --engine spark and --file, on a cluster; --out is then a folder of JSONL files.
    """
    if (plot is None) == (file is None):
        raise InputError("What is to be tagged?", 'Give one plot ("…"), or --file FILE.')
    from cinefile.genres import load_tagger

    cut: float | str = threshold if threshold in ("tuned", "common") else _number(threshold)
    if engine is Engine.spark:
        if file is None:
            raise InputError("--engine spark tags files.", "Give --file FILE, or leave --engine out.")
        with cluster(master, conf) as context:
            from cinefile.engines.spark import files, tagging

            target = out or file.with_name(file.stem + ".genres")
            folder = files.Folder(str(target))
            found = tagging.tag_file(context, model, file, folder, threshold=cut, plot_column=column, resume=not fresh)
        _say_file(found, target, json)
        return
    tagger = load_tagger(model)
    if file is not None:
        _tag_file(tagger, file, out or file.with_name(file.stem + ".genres.jsonl"), cut, column, fresh, json)
        return
    text = typer.get_text_stream("stdin").read() if plot == "-" else plot or ""
    if not text.strip():
        raise InputError("The plot is empty.")
    _tag_plot(tagger, text, title, year, cut, top, explain, json)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"--threshold {text!r} is neither a number nor tuned nor common.") from None
    if not 0 <= value <= 1:
        raise InputError(f"--threshold {text} is outside 0 to 1.")
    return value


def _tag_plot(
    tagger: "ShippedTagger | CustomTagger",
    plot: str,
    title: str | None,
    year: int | None,
    threshold: float | str,
    top: int | None,
    explain: bool,
    json: bool,
) -> None:
    from cinefile.text.language import notes

    genres = tagger.predict([plot], [title], [year], threshold=threshold, top=top)[0]
    said = notes(plot).messages
    why: dict[str, list[Any]] = {}
    if explain:
        found = tagger.explain(plot, title, year, genres=[g.genre for g in genres])
        why = {genre: [{"text": c.text, "weight": c.weight} for c in parts[:8]] for genre, parts in found.items()}
    if json:
        rows = [{"genre": g.genre, "probability": g.probability} for g in genres]
        document: dict[str, Any] = {"genres": rows, "notes": said}
        output.emit_json(document | ({"why": why} if explain else {}))
        return
    columns = ["genre", "probability"] + (["because of"] if explain else [])
    lines = [
        [g.genre, f"{g.probability:.3f}"] + ([", ".join(c["text"] for c in why[g.genre])] if explain else [])
        for g in genres
    ]
    output.table(columns, lines)
    for note in said:
        output.say(note)


def _say_file(found: "Summary", out: Path, json: bool) -> None:
    from dataclasses import asdict

    if json:
        output.emit_json(asdict(found) | {"out": str(out)})
        return
    output.say(f"{found.tagged} plots tagged, {found.skipped} were there already, {found.rejected} rejected: {out}")


def _tag_file(
    tagger: "ShippedTagger | CustomTagger",
    file: Path,
    out: Path,
    threshold: float | str,
    column: str | None,
    fresh: bool,
    json: bool,
) -> None:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from cinefile.genres.files import tag_file

    parts = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True)) as bar:
        task = bar.add_task("Tagging", total=None)
        found = tag_file(
            tagger,
            file,
            out,
            threshold=threshold,
            plot_column=column,
            resume=not fresh,
            progress=lambda done: bar.update(task, completed=done),
        )
    _say_file(found, out, json)
