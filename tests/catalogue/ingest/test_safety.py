"""A build is there whole or not at all: killed, refused, out of room, two at once."""

import multiprocessing
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.catalogue.conftest import film

from cinefile.atomic_files import aside
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest import ingest
from cinefile.errors import CatalogueBusyError, CatalogueError

Write = Callable[..., Path]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["duckdb", "numpy", "pyarrow", "pyarrow.csv"])  # slow to import, safe to fork


def count(db: Path) -> int:
    with Catalogue(db) as catalogue, catalogue.cursor() as cursor:
        return int(cursor.execute("SELECT count(*) FROM films").fetchall()[0][0])


def build(folder: Path, db: Path) -> None:
    ingest([folder], db)


def starve(folder: Path, db: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    expect_error(folder, db)


def as_nobody(folder: Path, db: Path) -> None:
    ingest([folder], folder.parent / "other.duckdb")  # whatever Python imports late is imported now
    if os.getuid() == 0:
        os.setuid(65534)
    expect_error(folder, db)


def expect_error(folder: Path, db: Path) -> None:
    try:
        ingest([folder], db)
    except CatalogueError as error:
        os._exit(7 if error.hint else 8)
    os._exit(9)


def run(target: Callable[[Path, Path], None], folder: Path, db: Path) -> int | None:
    process = CONTEXT.Process(target=target, args=(folder, db))
    process.start()
    process.join()
    return process.exitcode


@pytest.fixture
def both(tmd: Write, tmp_path: Path) -> tuple[Path, Path]:
    """A catalogue of one film, and a folder with 400 more."""
    db = tmp_path / "a.duckdb"
    ingest([tmd([film(1, "Old", "2001-01-01")], name="old")], db)
    return db, tmd([film(n, f"Film {n}", "2002-01-01") for n in range(2, 402)], name="new")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_killed_at_20_moments_the_old_or_the_new_catalogue_opens(both: tuple[Path, Path], tmp_path: Path) -> None:
    db, folder = both
    kept = tmp_path / "kept"
    shutil.copy(db, kept)
    run(build, folder, db)  # once for the server to start
    shutil.copy(kept, db)
    began = time.monotonic()
    assert run(build, folder, db) == 0
    whole = time.monotonic() - began
    assert count(db) == 401
    moments = random.Random(2).sample(range(1, 1000), 20)
    seen = set()
    for moment in moments:
        shutil.copy(kept, db)
        process = CONTEXT.Process(target=build, args=(folder, db))
        process.start()
        time.sleep(whole * moment / 1000)
        process.kill()
        process.join()
        assert count(db) in {1, 401}
        seen.add(count(db))
    assert 1 in seen
    shutil.copy(kept, db)
    build(folder, db)  # no lock and no left-over stands in the way
    assert count(db) == 401
    assert [p.name for p in db.parent.iterdir() if ".build" in p.name or p.suffix in {".lock", ".wal"}] == []


def test_a_full_disk_leaves_the_old_catalogue(both: tuple[Path, Path]) -> None:
    db, folder = both
    before = db.read_bytes()
    assert run(starve, folder, db) == 7
    assert db.read_bytes() == before
    assert [p.name for p in db.parent.iterdir() if ".build" in p.name] == []


def test_a_read_only_folder_is_told(tmd: Write, open_folder: Path) -> None:
    data = shutil.copytree(tmd([film(1, "One", "2001-01-01")]), open_folder / "data")
    sealed = open_folder / "sealed"
    sealed.mkdir(mode=0o555)
    assert run(as_nobody, data, sealed / "a.duckdb") == 7
    assert list(sealed.iterdir()) == []


def test_no_folder_is_told(tmd: Write, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no folder"):
        ingest([tmd([film(1, "One", "2001-01-01")])], tmp_path / "not" / "there.duckdb")


def test_two_builds_exclude_each_other(both: tuple[Path, Path]) -> None:
    db, folder = both
    with aside(db), pytest.raises(CatalogueBusyError, match=rf"process {os.getpid()} on .*, since 20\d\d-"):
        ingest([folder], db)
    ingest([folder], db)
    assert count(db) == 401


def test_left_overs_of_a_killed_build_are_cleared(both: tuple[Path, Path]) -> None:
    db, folder = both
    old = db.with_name(f".{db.name}.build")
    old.mkdir()
    (old / "catalogue.duckdb").write_bytes(b"half")
    db.with_name(f"{db.name}.lock").write_text("left by a killed build")
    ingest([folder], db)
    assert not old.exists()
    assert count(db) == 401


def test_readers_keep_what_they_opened(both: tuple[Path, Path]) -> None:
    db, folder = both
    with Catalogue(db) as before:
        ingest([folder], db)
        with before.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM films").fetchall() == [(1,)]
        assert count(db) == 401


def test_a_failed_build_leaves_nothing(both: tuple[Path, Path]) -> None:
    db, folder = both
    db.write_bytes(b"no catalogue at all")
    with pytest.raises(CatalogueError, match="not a catalogue"):
        ingest([folder], db)
    assert db.read_bytes() == b"no catalogue at all"
    assert [p.name for p in db.parent.iterdir() if p.name.startswith(".")] == []
