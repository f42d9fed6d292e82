"""`cinefile train …`: one command per kind of model."""

from pathlib import Path
from typing import Annotated

import typer

from cinefile import settings
from cinefile.cli import output

app = typer.Typer(help="Train models.", no_args_is_help=True)


@app.command()
def taste(
    db: Annotated[str | None, typer.Option("--db", help="Catalogue with ratings [default: $CINEFILE_DB].")] = None,
    model: Annotated[str, typer.Option(help="Rating model; a wrong name lists them all.")] = "factor",
    out: Annotated[Path | None, typer.Option(help="Model folder [default: the catalogue's name with .taste].")] = None,
    json: output.Json = False,
) -> None:
    """Train a rating model on a catalogue's ratings and put it beside the catalogue."""
    from cinefile.cli.taste_progress import watching
    from cinefile.taste.training import train_taste

    catalogue = Path(db or str(settings.get("db"))).expanduser()
    with watching() as watch:
        facts = train_taste(catalogue, model, out or catalogue.with_suffix(".taste"), watch)
    if json:
        output.emit_json(facts)
        return
    output.table(["figure", "value"], [[name, value] for name, value in facts.items() if name != "curve"])


@app.command()
def starter_taste(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.", envvar="CINEFILE_DATA")],
    out: Annotated[Path, typer.Option(help="Model folder to write.")],
) -> None:
    """Train the rating model that ships, on MovieLens data less what the protocols ask about."""
    from cinefile.cli.taste_progress import watching
    from cinefile.evaluation.taste_starter import train_starter

    with watching() as watch:
        model = train_starter(data, out, watch, output.say)
    size = sum(file.stat().st_size for file in out.iterdir()) / 1e6
    output.say(f"{out}: {len(model.film_ids):,} films, {size:.1f} MB.")
