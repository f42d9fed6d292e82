"""MIAD genre classification (Universidad de los Andes, github.com/albahnsen): plots with up to 24 genres."""

import re
from typing import Any

from cinefile.sources.contract import BadRowError, DataPart, Source
from cinefile.sources.readers.cells import FilmCells, integer, real, text, title, year
from cinefile.sources.readers.csv_files import CsvTable
from cinefile.sources.readers.data_files import Place
from cinefile.sources.readers.nested_cells import parse_literal


def _film(line: int, key: Any, made: Any, name: Any, plot: Any, genres: Any, rating: Any) -> FilmCells:
    if integer(key) is None:
        raise BadRowError("the row's key is no whole number; the columns may be shifted")
    return FilmCells(
        line=line,
        key=str(integer(key)),
        title=title(name),
        year=year(made),
        vote_average=real(rating),
        genres=_genres(genres),
        plot=text(plot),
    )


def _genres(cell: Any) -> list[str] | None:
    """NULL where the file has no genres, as in the test file."""
    if cell is None:
        return None
    try:
        value = parse_literal(cell)
    except ValueError as error:
        raise BadRowError(f"column genres cannot be read: {error}") from None
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadRowError("column genres is no list of names")
    return value


_FILMS = CsvTable(
    re.compile(r"datat(raining|esting).*\.csv"), "film", ("", "year", "title", "plot"), ("genres", "rating"), _film
)


class Miad(Source):
    """`dataTraining.zip` and `dataTesting.zip`; their keys do not overlap."""

    name = "miad"
    title = "MIAD"
    formats = "dataTraining.zip, dataTesting.zip, or the CSV in them"
    rank = 70

    def parts(self, place: Place) -> list[DataPart]:
        """The training or the testing file."""
        return _FILMS.find(place)


SOURCE = Miad()
