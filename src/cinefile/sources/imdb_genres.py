"""IMDb plots with one of 27 genres (Kaggle, "Genre Classification Dataset IMDb"): `ID ::: TITLE ::: GENRE ::: PLOT`."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from cinefile.errors import InputError
from cinefile.sources.contract import BadRowError, DataPart, Dataset, Rows, Source
from cinefile.sources.readers.cells import FilmCells, positive, text, title
from cinefile.sources.readers.data_files import DataFile, Place
from cinefile.sources.readers.text_lines import read_films, text_lines
from cinefile.titles import front_article, split_year

_SEPARATOR = " ::: "
# IMDb numbers films of one title and year, "(2012/II)", and writes "(????)" for an unknown year.
_NUMBERED = re.compile(r"\((\d{4}|\?{4})(?:/[IVXLC]+)?\)\s*$")


def _film(values: int, split: str, line: int, raw: str) -> FilmCells:
    parts = raw.split(_SEPARATOR, values - 1)
    if len(parts) < values:
        raise BadRowError(f"{values} values expected, {len(parts)} found")
    number, named = positive(parts[0], "ID"), title(parts[1])
    name, year = split_year(_NUMBERED.sub(lambda m: f"({m[1]})" if m[1] != "????" else "", named))
    # Quotes mark a series in IMDb's lists.
    name = name[1:-1] if len(name) > 2 and name[0] == name[-1] == '"' else name
    return FilmCells(
        line=line,
        key=f"{split}:{number}",
        title=front_article(title(name)),
        year=year,
        genres=[parts[2].strip()] if values == 4 else None,
        plot=text(parts[-1]),
    )


def _reader(values: int, split: str) -> Callable[[DataFile], Iterator[Rows]]:
    return partial(read_films, partial(_film, values, split))


class ImdbGenres(Source):
    """Training and test texts. Keys are "train:1" and "test:1", for both files count from 1."""

    name = "imdb27"
    title = "IMDb 27 genres"
    formats = "train_data.txt, test_data_solution.txt or test_data.txt"
    rank = 60

    def parts(self, place: Place) -> list[DataPart]:
        """Both files; `test_data.txt` is left alone beside its solution, being the same rows without genres."""
        found = []
        if file := place.files.get("train_data.txt"):
            found.append(DataPart(file, _reader(4, "train"), _check))
        if file := place.files.get("test_data_solution.txt"):
            found.append(DataPart(file, _reader(4, "test"), _check))
        elif file := place.files.get("test_data.txt"):
            found.append(DataPart(file, _reader(3, "test"), _check))
        return found


def _check(file: DataFile) -> None:
    if _SEPARATOR.encode() not in file.head.split(b"\n", 1)[0]:
        raise InputError(
            f"{file} is empty or of another format: its first line lacks {_SEPARATOR!r}.",
            "Lines should read: ID ::: TITLE ::: GENRE ::: DESCRIPTION. Nothing was read.",
        )


def listed_titles(dataset: Dataset) -> dict[str, str]:
    """Return each film's title as IMDb's list writes it, by key: the marks of series and numbers are still there.

    The shipped tagger learnt from these titles, and its figures are measured on them.
    """
    titles = {}
    for part in dataset.parts:
        split = "train" if part.file.name.lower().startswith("train") else "test"
        with part.file.open() as opened, text_lines(opened.stream) as lines:
            for line in lines:
                number, _, rest = line.partition(_SEPARATOR)
                titles[f"{split}:{number.strip()}"] = rest.partition(_SEPARATOR)[0]
    return titles


SOURCE = ImdbGenres()
