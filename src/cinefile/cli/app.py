"""The `cinefile` command: puts the commands together and turns errors into messages and exit codes.

A command is one file beside this one and one line in COMMANDS. Its module imports only what is cheap;
whatever takes time is imported inside the function, so that every command starts fast.
"""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from cinefile import __version__
from cinefile.cli import (
    demo,
    doctor,
    evaluate,
    fetch,
    films,
    ingest,
    output,
    people,
    recommend,
    report,
    serve,
    similar,
    sql,
    summaries,
    tag,
    train,
)
from cinefile.errors import CinefileError

app = typer.Typer(
    name="cinefile",
    help="Film data in; a catalogue that answers questions, tags genres, finds similar films, predicts taste.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, Callable[..., None]] = {
    "ingest": ingest.ingest,
    "fetch": fetch.fetch,
    "films": films.films,
    "film": films.film,
    "votes": films.votes,
    "people": people.people,
    "person": people.person,
    "releases": summaries.releases,
    "genres": summaries.genres,
    "decades": summaries.decades,
    "tag": tag.tag,
    "similar": similar.similar,
    "search": similar.search,
    "recommend": recommend.recommend,
    "sql": sql.sql,
    "evaluate": evaluate.evaluate,
    "serve": serve.serve,
    "demo": demo.demo,
    "doctor": doctor.doctor,
}
GROUPS = {"train": train.app, "report": report.app}
train.app.command("similar")(similar.train_similar)
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cinefile {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options that stand before the command."""


def main() -> None:
    """Run the command line; expected errors become one message on stderr and an exit code (see errors.py)."""
    try:
        app()
    except CinefileError as error:
        output.error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        output.say("Stopped. What was finished is kept.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has gone: not an error. Python would complain again while closing stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
