"""`cinefile report …`: see the data, see how good the models are."""

from pathlib import Path
from typing import Annotated

import typer

from cinefile.cli import output

app = typer.Typer(help="Draw what is in the data, and how good the models are, as one page each.", no_args_is_help=True)
Out = Annotated[Path, typer.Option(help="HTML file to write.")]
Numbers = Annotated[
    Path | None, typer.Option("--json", help="File for the same numbers [default: beside the page, ending .json].")
]


@app.command()
def data(out: Out, json: Numbers = None, db: output.Db = None) -> None:
    """Draw what is in a catalogue: figures, genres, people, ratings, gaps, quality."""
    from cinefile.catalogue.catalogue_file import Catalogue, default_path
    from cinefile.reports.data_report import data_report

    with Catalogue(db if db is not None else default_path()) as catalogue:
        report = data_report(catalogue, lambda title: output.say(f"  {title}"))
    for file in report.write(out, json):
        output.say(f"Wrote {file} ({file.stat().st_size / 1e6:.2f} MB)")


@app.command()
def models(
    out: Out,
    results: Annotated[
        Path | None,
        typer.Option(help="Folder of results that evaluate and the benchmarks wrote [default: the published ones]."),
    ] = None,
    folder: Annotated[
        list[Path] | None, typer.Option("--models", help="Further model folders, beside those that ship.")
    ] = None,
    json: Numbers = None,
) -> None:
    """Show every figure that was measured, with its command, and the models' cards."""
    from cinefile.reports.model_report import models_report
    from cinefile.reports.results import shipped_results

    for file in models_report(results or shipped_results(), folder or ()).write(out, json):
        output.say(f"Wrote {file} ({file.stat().st_size / 1e6:.2f} MB)")
