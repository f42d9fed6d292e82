"""One small Spark for all tests of the engine; where PySpark or Java is missing they skip and say how to get it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.spark.world import write_films, write_ratings

from cinefile.catalogue.ingest import ingest
from cinefile.errors import MissingExtraError


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    from cinefile.spark.session import check, connected

    try:
        check()
    except MissingExtraError as error:
        pytest.skip(str(error))
    with connected("local[2]", {"spark.driver.memory": "1g"}) as context:
        yield context


@dataclass(frozen=True)
class World:
    """A data set in two catalogues: ``whole`` has films and ratings, ``films`` the films alone."""

    folder: Path
    ratings: Path
    whole: Path
    films: Path


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    films, ratings = write_films(folder / "ml"), write_ratings(folder / "ml")
    found = World(folder, ratings, folder / "whole.duckdb", folder / "films.duckdb")
    ingest([folder / "ml"], found.whole)
    ingest([films], found.films)
    return found
