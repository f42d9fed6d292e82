"""The server takes up a new catalogue and lets go of the old one."""

import asyncio
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastapi.testclient import TestClient

from cinefile.api import create_app
from cinefile.api.app import Holder
from cinefile.library import Library


def _copy(small: Path, folder: Path) -> Path:
    path = folder / "films.duckdb"
    shutil.copy(small, path)
    return path


def _exchange(path: Path) -> None:
    other = path.with_name("new.duckdb")
    shutil.copy(path, other)
    os.replace(other, path)


def test_the_old_catalogue_is_closed_when_its_last_request_is_over(small_catalogue_file: Path, tmp_path: Path) -> None:
    path = _copy(small_catalogue_file, tmp_path)
    changes: list[None] = []
    old = Library(path)
    holder = Holder(old, lambda: changes.append(None))

    async def exchange_while_asked() -> None:
        with holder.borrowed() as answering, holder.borrowed():
            _exchange(path)
            holder._next_look = 0.0
            holder.look()
            assert holder._exchange is not None
            await holder._exchange
            assert holder.library is not old
            assert answering.film(1).title == "Toy Story"  # the old one, which is still open
        assert old._closed.is_set()
        with holder.borrowed() as answering:
            assert answering.film(1).title == "Toy Story"

    with ThreadPoolExecutor(1) as aside:  # browser tests leave a running loop in the main thread
        aside.submit(asyncio.run, exchange_while_asked()).result()
    assert len(changes) == 1
    holder.close()


def test_a_server_answers_from_the_new_catalogue(small_catalogue_file: Path, tmp_path: Path) -> None:
    path = _copy(small_catalogue_file, tmp_path)
    app = create_app(Library(path))
    with TestClient(app) as client:
        first = app.state.holder.library
        assert client.get("/api/films/1").status_code == 200
        _exchange(path)
        app.state.holder._next_look = 0.0
        for _ in range(200):
            assert client.get("/api/films/2").status_code == 200
            if app.state.holder.library is not first:
                break
        assert app.state.holder.library is not first
        assert client.get("/api/films/1").json()["title"] == "Toy Story"
        assert first._closed.is_set()
