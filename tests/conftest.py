"""Shared fixtures. Tests that want the large data sets look for them here and skip when they are not there."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: a test that fails by chance tells nobody what changed.
settings.register_profile("cinefile", derandomize=True)
settings.load_profile("cinefile")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of public data sets: $CINEFILE_DATA, else `shared/data` beside the checkout."""
    folder = Path(os.environ.get("CINEFILE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"public data sets not found at {folder}; set CINEFILE_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def small_catalogue_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of forty well-known films (see tests/small_catalogue.py)."""
    from tests.small_catalogue import write_small_catalogue

    return write_small_catalogue(tmp_path_factory.mktemp("catalogue") / "films.duckdb")
