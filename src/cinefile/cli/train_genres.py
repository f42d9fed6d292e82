"""`cinefile train genres`: a tagger for one's own labels."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cinefile.cli import output
from cinefile.errors import InputError

if TYPE_CHECKING:
    from cinefile.genres.custom import CustomTagger
    from cinefile.genres.taggers.base import Tagger

_FEATURES = ("linear", "forest", "dense")


def genres(
    data: Annotated[Path, typer.Option(help="CSV, JSONL or Parquet: a column plot, one of labels; title, year help.")],
    out: Annotated[Path, typer.Option(help="Model folder to write.")],
    labels: Annotated[str | None, typer.Option(help="Comma-separated labels to learn [default: all].")] = None,
    column: Annotated[str, typer.Option(help="Column with the labels.")] = "genres",
    plot_column: Annotated[str | None, typer.Option(help="Column with the plot.")] = None,
    model: Annotated[
        str, typer.Option(help="custom (on the shipped encoders, in seconds), transformer, linear, forest or dense.")
    ] = "custom",
    features: Annotated[str | None, typer.Option(help="Text features of linear, forest and dense.")] = None,
    run: Annotated[
        Path | None, typer.Option(help="transformer: folder for checkpoints and curves; goes on if stopped.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="transformer: most passes; the best is kept.")] = 3,
    one_of: Annotated[bool, typer.Option("--one-of", help="transformer: exactly one label is true of a film.")] = False,
    device: Annotated[str, typer.Option(help="transformer: cpu or cuda.")] = "cpu",
    json: output.Json = False,
) -> None:
    """Train a tagger for your own labels; 8 to 16 example films of each are enough to start."""
    from cinefile.genres.rows import labelled

    plots, names, titles, years, problems = labelled(data, column, plot_column)
    wanted = [name.strip() for name in labels.split(",")] if labels else sorted({g for row in names for g in row})
    tagger: CustomTagger | Tagger
    if model == "custom":
        tagger = _custom().fit(plots, names, titles, years, wanted)
    else:
        if features and model not in _FEATURES:
            raise InputError(f"{model} takes no --features.", f"They go with {', '.join(_FEATURES)}.")
        settings: dict[str, Any] = {"features": features} if features else {}
        if model == "transformer":
            settings = {"run": str(run) if run else None, "epochs": epochs, "one_of": one_of, "device": device}
        tagger = _zoo(model, settings, (plots, titles, years), names, wanted)
    tagger.save(out)
    for problem in problems[:5]:
        output.say(f"Left out: {problem}")
    if json:
        output.emit_json({"labels": tagger.labels, "films": len(plots), "rejected": len(problems), "out": str(out)})
        return
    labels_learnt = "1 label" if len(tagger.labels) == 1 else f"{len(tagger.labels)} labels"
    output.say(f"{labels_learnt} learnt from {len(plots):,} films. Use: cinefile tag … --model {out}")


def _custom() -> "CustomTagger":
    from cinefile.genres import own_label_encoder
    from cinefile.genres.custom import CustomTagger

    return CustomTagger(own_label_encoder())


def _zoo(
    model: str,
    settings: dict[str, Any],
    films: tuple[list[str], list[str | None], list[int | None]],
    names: list[list[str]],
    wanted: list[str],
) -> "Tagger":
    from cinefile.cli.taste_progress import watching
    from cinefile.genres import taggers
    from cinefile.text.compose import compose

    texts = [compose(plot, title, year) for plot, title, year in zip(*films, strict=True)]
    with watching() as watch:
        if model == "transformer":
            settings["progress"] = watch.round
        return taggers.make(model, **settings).fit(texts, names, wanted)
