"""A new source is one file and one line in the registry: nothing else has to know of it."""

import sys
from pathlib import Path

import duckdb
import pytest

from cinefile.catalogue.ingest import ingest
from cinefile.sources import registry

MODULE = """
import re
from cinefile.sources.contract import Source
from cinefile.sources.readers.cells import FilmCells, positive, text, title
from cinefile.sources.readers.csv_files import CsvTable


def _film(line, number, name, plot):
    number = positive(number, "number")
    return FilmCells(line=line, key=str(number), title=title(name), year=1999, tmdb_id=number, plot=text(plot))


_FILMS = CsvTable(re.compile("studio.csv"), "film", ("number", "name"), ("plot",), _film)


class Studio(Source):
    name, title, formats = "studio", "Studio", "studio.csv"
    rank, key_kind = {rank}, "tmdb"

    def parts(self, place):
        return _FILMS.find(place)


SOURCE = Studio()
"""


@pytest.mark.parametrize(("rank", "expected"), [(1, "Studio title"), (99, "Other title")])
def test_a_source_brings_its_rank_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rank: int, expected: str
) -> None:
    (tmp_path / "studio_source.py").write_text(MODULE.replace("{rank}", str(rank)), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "studio_source", raising=False)
    import studio_source  # type: ignore[import-not-found]

    monkeypatch.setattr(registry, "SOURCES", (*registry.SOURCES, studio_source.SOURCE))
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "studio.csv").write_text("number,name,plot\n7,Studio title,A plot.\n", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "2000.json").write_text(
        '[{"id": 7, "title": "Other title", "original_title": "Other title", "overview": "", "genres": [],'
        ' "production_companies": [], "vote_average": 5.0, "release_date": "1999-01-01"}]',
        encoding="utf-8",
    )
    result = ingest([raw, other], tmp_path / "films.duckdb")
    assert (result.films, result.stored, result.merged) == (1, 1, 1)
    with duckdb.connect(str(tmp_path / "films.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT title FROM films").fetchall() == [(expected,)]


def test_one_path_as_a_string_is_one_path(tmp_path: Path) -> None:
    (tmp_path / "movies.csv").write_text("movieId,title,genres\n1,Heat (1995),Crime\n", encoding="utf-8")
    assert ingest(str(tmp_path / "movies.csv"), tmp_path / "a.duckdb").films == 1
    assert ingest(tmp_path / "movies.csv", tmp_path / "b.duckdb").films == 1
