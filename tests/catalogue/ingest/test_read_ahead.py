"""Reading ahead gives the rows of plain reading, in their order, and passes on what goes wrong."""

import threading
from pathlib import Path

import pytest
from tests.sources.helpers import as_csv, metadata, metadata_row

from cinefile.catalogue.ingest.ingest import _AHEAD, read_ahead
from cinefile.errors import InputError
from cinefile.sources import Dataset, Rows, recognise
from cinefile.sources.readers import csv_files

CAST = "[{'cast_id': 1, 'character': 'X', 'credit_id': 'c', 'gender': 2, 'id': 5, 'name': 'A', 'order': 0}]"
FILMS = 300


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("CINEFILE_THREADS", "2")
    monkeypatch.setattr(csv_files, "_BLOCK", 1024)  # many batches: more than are held at a time
    (tmp_path / "movies_metadata.csv").write_text(metadata(*(metadata_row(id=n + 1) for n in range(FILMS))))
    rows = [{"cast": CAST, "crew": "[]", "id": str(n + 1)} for n in range(FILMS)]
    (tmp_path / "credits.csv").write_text(as_csv(["cast", "crew", "id"], rows))
    (found,) = recognise(tmp_path)
    return found


def test_the_rows_are_those_of_plain_reading(dataset: Dataset) -> None:
    plain, quick = list(dataset.read()), list(read_ahead(dataset))
    assert [p.slow for p in dataset.parts] == [False, True]
    assert len([r for r in quick if r.kind == "credit"]) > _AHEAD
    assert [(r.kind, r.file) for r in quick] == [(r.kind, r.file) for r in plain]
    assert all(one.batch.equals(other.batch) for one, other in zip(quick, plain, strict=True))


def test_a_reader_that_is_left_takes_its_thread_along(dataset: Dataset) -> None:
    before = threading.active_count()
    rows = read_ahead(dataset)
    next(rows)
    assert threading.active_count() == before + 1
    rows.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_a_file_that_vanishes_is_an_error_where_its_rows_would_come(dataset: Dataset) -> None:
    dataset.parts[1].file.path.unlink()
    taken: list[Rows] = []
    with pytest.raises(InputError, match=r"credits\.csv cannot be read"):
        taken.extend(read_ahead(dataset))
    assert {rows.kind for rows in taken} == {"film"}
