from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cinefile.api import create_app
from cinefile.library import Library


@pytest.fixture(scope="session")
def client(small_catalogue_file: Path) -> Iterator[TestClient]:
    # An exception inside the server is an answer with status 500 here, as it is for a client.
    with TestClient(create_app(Library(small_catalogue_file)), raise_server_exceptions=False) as client:
        yield client
