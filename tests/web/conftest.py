"""The page over a small catalogue with a taste model trained on its ratings, served on a port and in one browser."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import uvicorn
from fastapi.testclient import TestClient
from tests.web.films import build
from tests.web.visits import RUNS, Visit, visiting

from cinefile.library import Library
from cinefile.taste import FactorModel
from cinefile.web import create_app

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = build(tmp_path_factory.mktemp("web") / "films.duckdb")
    with duckdb.connect(str(path), read_only=True) as db:
        rated = db.sql("SELECT user_id, film_id, stars FROM ratings").fetchnumpy()
    model = FactorModel(factors=4).fit(rated["user_id"], rated["film_id"], rated["stars"])
    card = "# Taste\n\nTrained for tests.\n\n| figure | value |\n|---|---|\n| RMSE | 0.8 |\n"
    model.save(path.with_suffix(".taste"), with_people=False, card=card)
    return path


@pytest.fixture(scope="session")
def bare(catalogue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same catalogue without any model."""
    return Path(shutil.copy(catalogue, tmp_path_factory.mktemp("bare") / "films.duckdb"))


@pytest.fixture(scope="session")
def unlimited() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CINEFILE_RATE_LIMIT", "0")
        yield


@pytest.fixture(scope="session")
def client(catalogue: Path, unlimited: None) -> Iterator[TestClient]:
    with Library(catalogue) as library, TestClient(create_app(library), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="session")
def bare_client(bare: Path, unlimited: None) -> Iterator[TestClient]:
    with Library(bare) as library, TestClient(create_app(library), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="session")
def address(catalogue: Path, unlimited: None) -> Iterator[str]:
    """Address of a server in this process."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        server = uvicorn.Server(uvicorn.Config(create_app(Library(catalogue)), log_level="warning", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def chromium() -> str | None:
    """Path of a Chromium: $CINEFILE_CHROMIUM, else what is on the path."""
    named = os.environ.get("CINEFILE_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason='needs: pip install "cinefile[dev]"')
    path = chromium()
    if path is None:
        pytest.skip("Chromium not found; install it (apt-get install chromium) or set CINEFILE_CHROMIUM to its path")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(params=RUNS, ids=["-".join(run) for run in RUNS])
def seen(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Visit]:
    """A visitor in each language, on a phone and at a desk."""
    with visiting(browser, address, *request.param) as visit:
        yield visit
