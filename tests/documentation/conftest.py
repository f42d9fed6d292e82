import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.documentation.blocks import ROOT, Shell
from tests.sources.helpers import metadata, metadata_row

import cinefile
from cinefile.catalogue.ingest import ingest
from cinefile.progress import Silent
from cinefile.taste.train import train_taste
from cinefile.web import create_app

TINY = ROOT / "docs" / "notebooks" / "tiny"
RATED = (
    ("Alien", 1979, 5),
    ("Blade Runner", 1982, 4.5),
    ("Heat", 1995, 4),
    ("Titanic", 1997, 2),
    ("Grease", 1978, 1.5),
)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the documentation calls yours: data sets, exports, plots, a catalogue. None of it is long."""
    folder = tmp_path_factory.mktemp("yours")
    shutil.copytree(TINY / "ml-tiny", folder / "ml-latest-small")
    shutil.copytree(TINY / "miad-tiny", folder / "miad")
    (folder / "the-movies-dataset").mkdir()
    text = metadata(
        metadata_row(
            id=862, imdb_id="tt0114709", title="Toy Story", original_title="Toy Story", release_date="1995-10-30"
        )
    )
    (folder / "the-movies-dataset" / "movies_metadata.csv").write_text(text, encoding="utf-8")
    ingest([folder / "ml-latest-small", folder / "miad"], folder / "films.duckdb")
    train_taste(folder / "films.duckdb", "factor", folder / "films.taste", Silent())
    lines = (TINY / "plots.txt").read_text(encoding="utf-8").strip().splitlines()
    films = [
        (head.split(" | ")[0], head.split(" | ")[1], plot) for head, plot in zip(lines[::2], lines[1::2], strict=True)
    ]
    write(folder / "plots.csv", ("title", "year", "plot"), films)
    tagged = [(plot, "slow" if number % 2 else "tense") for number, (*_, plot) in enumerate(films)]
    write(folder / "mine.csv", ("plot", "tags"), tagged)
    write(folder / "ratings.csv", ("title", "year", "stars"), RATED)
    with zipfile.ZipFile(folder / "letterboxd-export.zip", "w") as archive:
        rows = [("2024-01-01", title, year, "u", stars) for title, year, stars in RATED]
        archive.writestr("ratings.csv", written(("Date", "Name", "Year", "Letterboxd URI", "Rating"), rows))
    for results in ("benchmarks/results", "results"):
        shutil.copytree(ROOT / "benchmarks" / "results", folder / results)
    return folder


@pytest.fixture(scope="session")
def shell(files: Path) -> Iterator[Shell]:
    """Commands, and an application for what is asked over HTTP."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CINEFILE_RATE_LIMIT", "0")
        with cinefile.open(str(files / "films.duckdb")) as library, TestClient(create_app(library)) as client:
            yield Shell(client)


@pytest.fixture
def folder(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of them, as the current folder."""
    here = Path(shutil.copytree(files, tmp_path / "yours"))
    monkeypatch.chdir(here)
    monkeypatch.delenv("CINEFILE_DB", raising=False)
    return here


def written(header: tuple[str, ...], rows: object) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])  # type: ignore[misc]
    return text.getvalue()


def write(file: Path, header: tuple[str, ...], rows: object) -> None:
    file.write_text(written(header, rows), encoding="utf-8")
