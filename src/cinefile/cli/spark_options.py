"""`--engine spark`: the options of the commands that can run on a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cinefile.errors import InputError

if TYPE_CHECKING:
    from pyspark import SparkContext

    from cinefile.spark.rating_store import RatingStore


class Engine(StrEnum):
    """Where a command's work is done."""

    local = "local"
    spark = "spark"


EngineOption = Annotated[Engine, typer.Option("--engine", help="Where to run: local, or spark for a cluster.")]
Master = Annotated[
    str, typer.Option(help="Spark's master: local[*], spark://HOST:7077, yarn, k8s://…", rich_help_panel="Spark")
]
Conf = Annotated[
    list[str] | None,
    typer.Option("--conf", metavar="NAME=VALUE", help="A Spark setting; may be repeated.", rich_help_panel="Spark"),
]
Store = Annotated[
    str | None,
    typer.Option(
        help="Folder of cleaned ratings, which all machines share; a path, or hdfs://, s3://, gs://, abfs:// "
        "[default: the catalogue's name with .ratings].",
        rich_help_panel="Spark",
    ),
]
LOCAL = "local[*]"


@contextmanager
def cluster(master: str, conf: Sequence[str] | None) -> "Iterator[SparkContext]":
    """The cluster that a command's options name."""
    from cinefile.spark.session import connected

    settings = {}
    for pair in conf or ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"--conf {pair!r} has no value.", "Write it as NAME=VALUE.")
        settings[name.strip()] = value.strip()
    with connected(master, settings) as context:
        yield context


def store_of(catalogue: Path, given: str | None) -> "RatingStore":
    """The ratings that go with a catalogue."""
    from cinefile.spark.rating_store import RatingStore

    return RatingStore(given or str(catalogue.with_suffix(".ratings")))
