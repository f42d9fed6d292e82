from collections.abc import Iterator
from pathlib import Path

import pytest

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns


@pytest.fixture(scope="session")
def facts(small_catalogue_file: Path) -> Iterator[FilmColumns]:
    with Catalogue(small_catalogue_file) as catalogue:
        yield FilmColumns(catalogue)
