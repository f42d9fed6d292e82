"""`cinefile tag`: genres of a plot, of every plot in a file, or of a catalogue's films that have none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cinefile.cli import output
from cinefile.cli.progress import display
from cinefile.cli.spark_options import LOCAL, Conf, Engine, EngineOption, Master, cluster
from cinefile.errors import InputError

if TYPE_CHECKING:
    from cinefile.genres.genre_tagger import PlotTagger
    from cinefile.genres.plot_files import Summary


def tag(
    plot: Annotated[str | None, typer.Argument(help="The plot; - reads it from stdin.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="CSV, JSONL or Parquet with a column plot; title, year help.")
    ] = None,
    catalogue: Annotated[
        Path | None,
        typer.Option(help="Catalogue whose films without genres get predicted genres, marked as predicted."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File for the result of --file [default: beside it].")] = None,
    column: Annotated[str | None, typer.Option(help="Name of --file's column with the plot.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start --file from the beginning instead of resuming.")
    ] = False,
    title: Annotated[str | None, typer.Option(help="Title of the film, where known.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of release, where known.")] = None,
    model: Annotated[str | None, typer.Option(help="multilabel, imdb27, or a tagger's folder.")] = None,
    threshold: Annotated[
        str | None,
        typer.Option(help="Smallest probability, or one of: tuned, common [default: 0.1; a catalogue's: tuned]."),
    ] = None,
    top: Annotated[int | None, typer.Option(min=1, help="Give this many genres, whatever their probability.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the words that contributed most to each genre.")
    ] = False,
    json: output.Json = False,
    engine: EngineOption = Engine.local,
    master: Master = LOCAL,
    conf: Conf = None,
) -> None:
    """Tag a plot with genres and their probabilities.

    With --engine spark and --file, on a cluster; --out is then a folder of JSONL files.
    """
    if sum(given is not None for given in (plot, file, catalogue)) != 1:
        raise InputError("What is to be tagged?", 'Give one plot ("…"), or --file FILE, or --catalogue FILE.')
    from cinefile.genres import load_tagger

    threshold = threshold or ("0.1" if catalogue is None else "tuned")
    cut: float | str = threshold if threshold in ("tuned", "common") else _number(threshold)
    if engine is Engine.spark:
        if file is None:
            raise InputError("--engine spark tags files.", "Give --file FILE, or leave --engine out.")
        with cluster(master, conf) as context:
            from cinefile.spark import batch_jobs, shared_files

            target = out or file.with_name(file.stem + ".genres")
            folder = shared_files.Folder(str(target))
            found = batch_jobs.tag_file(
                context, model, file, folder, threshold=cut, plot_column=column, resume=not fresh
            )
        _say_file(found, target, json)
        return
    tagger = load_tagger(model)
    if catalogue is not None:
        _tag_catalogue(tagger, catalogue, cut, json)
        return
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
    tagger: "PlotTagger",
    plot: str,
    title: str | None,
    year: int | None,
    threshold: float | str,
    top: int | None,
    explain: bool,
    json: bool,
) -> None:
    from cinefile.genres.genre_tagger import tag_plots

    found = tag_plots(tagger, [plot], threshold, titles=[title], years=[year], top=top, explain=explain)[0]
    if json:
        rows = [{"genre": tag.genre, "probability": tag.probability} for tag in found]
        document: dict[str, Any] = {"genres": rows, "notes": found.notes}
        why = {tag.genre: [word.document() for word in tag.because] for tag in found}
        output.emit_json(document | ({"why": why} if explain else {}))
        return
    columns = ["genre", "probability"] + (["because of"] if explain else [])
    lines = [
        [tag.genre, f"{tag.probability:.3f}"] + ([", ".join(word.text for word in tag.because)] if explain else [])
        for tag in found
    ]
    output.table(columns, lines)
    for note in found.notes:
        output.say(note)


def _say_file(found: "Summary", out: Path, json: bool) -> None:
    if json:
        output.emit_json(asdict(found) | {"out": str(out)})
        return
    output.say(f"{found.tagged} plots tagged, {found.skipped} were there already, {found.rejected} rejected: {out}")


def _tag_file(
    tagger: "PlotTagger",
    file: Path,
    out: Path,
    threshold: float | str,
    column: str | None,
    fresh: bool,
    json: bool,
) -> None:
    from cinefile.genres.plot_files import tag_file

    with _progress() as show:
        found = tag_file(
            tagger,
            file,
            out,
            threshold=threshold,
            plot_column=column,
            resume=not fresh,
            progress=lambda n: show(n, None),
        )
    _say_file(found, out, json)


def _tag_catalogue(tagger: "PlotTagger", catalogue: Path, threshold: float | str, json: bool) -> None:
    from cinefile.genres.catalogue_genres import tag_catalogue

    with _progress() as show:
        found = tag_catalogue(tagger, catalogue, threshold=threshold, progress=show)
    if json:
        output.emit_json(asdict(found))
        return
    output.say(f"{found.films:,} films had a plot and no genre; they now have {found.genres:,} predicted ones.")


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, told what is done and, where it is known, of how many."""
    with display("{task.description}", "BarColumn", "MofNCompleteColumn", "TimeElapsedColumn") as bar:
        if bar is None:
            yield lambda done, of: None
            return
        task = bar.add_task("Tagging", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
