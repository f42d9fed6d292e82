"""`cinefile train …`: one command per kind of model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cinefile import settings
from cinefile.cli import output
from cinefile.cli.spark_options import LOCAL, Conf, Engine, EngineOption, Master, Store, cluster, store_of
from cinefile.errors import InputError

if TYPE_CHECKING:
    from cinefile.genres.models.feature_tagger import Tagger
    from cinefile.genres.models.own_labels import CustomTagger

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
    epochs: Annotated[
        int, typer.Option(min=1, help="transformer: largest number of epochs; the best one is kept.")
    ] = 3,
    one_of: Annotated[bool, typer.Option("--one-of", help="transformer: exactly one label is true of a film.")] = False,
    device: Annotated[str, typer.Option(help="transformer: cpu or cuda.")] = "cpu",
    json: output.Json = False,
) -> None:
    """Train a tagger for your own labels; 8 to 16 example films of each are enough to start."""
    from cinefile.genres.plot_files import labelled

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
    from cinefile.genres.models.own_labels import CustomTagger

    return CustomTagger(own_label_encoder())


def _zoo(
    model: str,
    settings: dict[str, Any],
    films: tuple[list[str], list[str | None], list[int | None]],
    names: list[list[str]],
    wanted: list[str],
) -> "Tagger":
    from cinefile.cli.progress import training
    from cinefile.genres import models
    from cinefile.text.encoder import compose

    texts = [compose(plot, title, year) for plot, title, year in zip(*films, strict=True)]
    with training() as progress:
        if model == "transformer":
            settings["progress"] = progress.advance
        return models.make(model, **settings).fit(texts, names, wanted)


app = typer.Typer(help="Train models.", no_args_is_help=True)
app.command()(genres)


@app.command()
def taste(
    db: Annotated[str | None, typer.Option("--db", help="Catalogue with ratings [default: $CINEFILE_DB].")] = None,
    model: Annotated[str, typer.Option(help="Rating model; a wrong name lists them all.")] = "factor",
    out: Annotated[Path | None, typer.Option(help="Model folder [default: the catalogue's name with .taste].")] = None,
    json: output.Json = False,
    engine: EngineOption = Engine.local,
    master: Master = LOCAL,
    conf: Conf = None,
    store: Store = None,
    work: Annotated[
        str | None,
        typer.Option(
            help="Folder for checkpoints, which all machines share; a stopped run goes on from there "
            "[default: the catalogue's name with .training].",
            rich_help_panel="Spark",
        ),
    ] = None,
) -> None:
    """Train a rating model on a catalogue's ratings and put it beside the catalogue.

    The default model keeps every round: after Ctrl-C the same command goes on where it stopped. Beside the model comes
    a picture of the error in each round, on held-out ratings. With --engine spark, on the ratings in --store that
    `cinefile ingest --engine spark` made.
    """
    from cinefile.cli.progress import curve_picture, training
    from cinefile.taste.train import rounds_folder

    catalogue = Path(db or str(settings.get("db"))).expanduser()
    out = out or catalogue.with_suffix(".taste")
    try:
        with training() as progress:
            if engine is Engine.spark:
                with cluster(master, conf) as context:
                    from cinefile.spark.shared_files import Folder
                    from cinefile.spark.training import train_taste as train_on_cluster

                    place = Folder(work or str(catalogue.with_suffix(".training")))
                    ratings = store_of(catalogue, store)
                    facts = train_on_cluster(context, ratings, catalogue, model, out, place, progress)
            else:
                from cinefile.taste.train import train_taste

                facts = train_taste(catalogue, model, out, progress)
    except KeyboardInterrupt:
        if rounds_folder(out).exists():
            output.say(f"Stopped; the rounds so far are in {rounds_folder(out)}: run the same command to go on.")
        raise
    facts |= {"picture": curve_picture(facts["errors"], out)}
    if json:
        output.emit_json(facts)
        return
    output.table(
        ["figure", "value"], [[name, value] for name, value in facts.items() if name not in ("curve", "errors")]
    )


@app.command()
def starter_taste(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.", envvar="CINEFILE_DATA")],
    out: Annotated[Path | None, typer.Option(help="Model folder [default: beside the starter catalogue].")] = None,
    db: Annotated[
        Path | None,
        typer.Option("--db", help="Catalogue whose film ids the model uses [default: the starter catalogue]."),
    ] = None,
) -> None:
    """Train the rating model that ships, on MovieLens data less what the protocols ask about."""
    from cinefile import starter
    from cinefile.cli.progress import training
    from cinefile.starter.taste import train_starter

    catalogue = db or Path(starter.__file__).with_name("starter.duckdb")
    out = out or catalogue.with_suffix(".taste")
    with training() as progress:
        model = train_starter(data, catalogue, out, progress, output.say)
    size = sum(file.stat().st_size for file in out.iterdir()) / 1e6
    output.say(f"{out}: {len(model.film_ids):,} films, {size:.1f} MB.")


@app.command()
def starter_genres(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.", envvar="CINEFILE_DATA")],
    out: Annotated[Path, typer.Option(help="Model folder to write.")],
    run: Annotated[Path, typer.Option(help="Folder for checkpoints; a stopped run goes on from there.")],
    branches: Annotated[int, typer.Option(min=1, help="Number of processes that run at the same time.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Random seed for the order of films.")] = 0,
) -> None:
    """Train the genre taggers that ship, on all sources less the films that the protocols ask about."""
    from importlib.util import find_spec

    from cinefile.errors import MissingExtraError

    if find_spec("torch") is None or find_spec("sklearn") is None:
        raise MissingExtraError("train", "Training the shipped taggers")
    from cinefile.genres.train import run_all

    run_all(data, run, out, branches=branches, seed=seed, log=output.say)


@app.command()
def starter_encoder(
    db: Annotated[Path, typer.Option("--db", help="Catalogue with plots to learn from.")],
    out: Annotated[Path | None, typer.Option(help="Model folder [default: where cinefile ships it].")] = None,
    json: output.Json = False,
) -> None:
    """Learn the text encoder that ships, for search and similar films, from all-MiniLM-L6-v2. Needs [train]."""
    from cinefile.catalogue.catalogue_file import Catalogue
    from cinefile.similar.distil import Recipe, distil
    from cinefile.similar.film_table import from_catalogue
    from cinefile.text.plot_encoders import MiniLmEncoder
    from cinefile.text.static_encoder import SHIPPED

    with Catalogue(db) as catalogue, catalogue.cursor() as cursor:
        plots = from_catalogue(cursor).plot
    facts = distil(plots, MiniLmEncoder(), out or SHIPPED, Recipe(), output.say)
    if json:
        output.emit_json(facts)
        return
    output.table(["figure", "value"], list(facts.items()))
