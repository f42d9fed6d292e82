"""Reading streams: eight times the file does not take more memory, neither of Python's nor of Arrow's."""

import tracemalloc
from pathlib import Path

import pyarrow as pa
import pytest
from tests.sources.helpers import metadata, metadata_row

from cinefile.sources import recognise
from cinefile.sources.readers import arrow_batches, csv_files, json_files, rating_files

_BLOCK = 1 << 14


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "_BLOCK", _BLOCK)
    monkeypatch.setattr(rating_files, "_BLOCK", _BLOCK)
    monkeypatch.setattr(json_files, "_CHUNK", _BLOCK)
    monkeypatch.setattr(arrow_batches, "_CHARACTERS", _BLOCK)


def _write(folder: Path, kind: str, rows: int) -> Path:
    folder.mkdir()
    if kind == "ratings":
        text = "".join(f"{n},{n % 977 + 1},{n % 5 + 1}\n" for n in range(rows * 100))
        (folder / "ratings.csv").write_text("userId,movieId,rating\n" + text)
    elif kind == "json":
        record = '{"title": "A", "year": 1990, "cast": [], "genres": [], "extract": "' + "word " * 300 + '"}'
        (folder / "movies.json").write_text("[" + ",".join([record] * rows) + "]")
    else:
        row = metadata_row(overview="word " * 300)
        text = metadata(*[row | {"id": str(n + 1)} for n in range(rows)])
        # One odd byte at the start sends the whole file down the slower, exact way.
        content = text.replace("word", "wörd", 1).encode("latin-1" if kind == "exact" else "utf-8")
        (folder / "movies_metadata.csv").write_bytes(content)
    return folder


def _peaks(path: Path) -> tuple[int, int, int]:
    """Rows, and the most bytes held by Python and by Arrow on the way."""
    rows, arrow = 0, 0
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    for dataset in recognise(path):
        for found in dataset.read():
            rows += found.batch.num_rows
            arrow = max(arrow, pa.total_allocated_bytes() - before)
    python = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return rows, python, arrow


@pytest.mark.parametrize("kind", ["ratings", "quick", "exact", "json"])
def test_eight_times_the_rows_take_no_more_memory(tmp_path: Path, kind: str) -> None:
    few = _write(tmp_path / "few", kind, 400)
    many = _write(tmp_path / "many", kind, 3200)
    _peaks(few)  # what is imported and cached on first use
    rows, python, arrow = _peaks(few)
    more_rows, more_python, more_arrow = _peaks(many)
    assert more_rows == 8 * rows
    ahead = 40 * _BLOCK  # Arrow reads up to 32 blocks ahead
    assert more_python < 2 * python + ahead
    assert more_arrow < 2 * arrow + ahead
    assert 2 * python + ahead < sum(f.stat().st_size for f in many.iterdir())
