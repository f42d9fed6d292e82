"""MIAD genre classification (Universidad de los Andes, github.com/albahnsen): plots with up to 24 genres."""

import re
from typing import Any

from cinefile.sources.base import BadRowError, Part
from cinefile.sources.csvfiles import Table
from cinefile.sources.fields import Film, integer, real, text, title, year
from cinefile.sources.files import Place
from cinefile.sources.literals import parse_literal


def _film(line: int, key: Any, made: Any, name: Any, plot: Any, genres: Any, rating: Any) -> Film:
    if integer(key) is None:
        raise BadRowError("the row's key is no whole number; the columns may be shifted")
    return Film(
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


_FILMS = Table(
    re.compile(r"datat(raining|esting).*\.csv"), "film", ("", "year", "title", "plot"), ("genres", "rating"), _film
)


class Miad:
    """`dataTraining.zip` and `dataTesting.zip`; their keys do not overlap."""

    name = "miad"
    title = "MIAD"
    formats = "dataTraining.zip, dataTesting.zip, or the CSV in them"

    def parts(self, place: Place) -> list[Part]:
        """The training or the testing file."""
        return _FILMS.find(place)


SOURCE = Miad()
