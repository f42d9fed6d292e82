from collections.abc import Iterator
from pathlib import Path

import pytest

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.open import Catalogue


@pytest.fixture(scope="session")
def facts(small_catalogue_file: Path) -> Iterator[Facts]:
    with Catalogue(small_catalogue_file) as catalogue:
        yield Facts(catalogue)
