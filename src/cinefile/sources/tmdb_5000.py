"""TMDB 5000 (Kaggle): the CSV pair whose nested columns are JSON."""

import re

from cinefile.sources.contract import DataPart, Source
from cinefile.sources.readers.csv_files import CsvTable
from cinefile.sources.readers.data_files import Place
from cinefile.sources.readers.nested_cells import json_as_json
from cinefile.sources.tmdb_records import REQUIRED, UNLISTED_GENRES, credits, films

_REQUIRED = (*REQUIRED, "keywords")
_MOVIES = CsvTable(
    re.compile(r"tmdb_5000_movies.*\.csv"), "film", _REQUIRED, (), assemble=films(_REQUIRED, json_as_json)
)
_CREDITS = CsvTable(
    re.compile(r"tmdb_5000_credits.*\.csv"),
    "credit",
    ("movie_id", "cast", "crew"),
    (),
    assemble=credits(json_as_json),
    slow=True,
)


class Tmdb5000(Source):
    """`tmdb_5000_movies.csv` and `tmdb_5000_credits.csv`."""

    name = "tmdb-5000"
    title = "TMDB 5000"
    formats = "tmdb_5000_movies.csv, tmdb_5000_credits.csv"
    rank = 30
    key_kind = "tmdb"
    unlisted_genres = UNLISTED_GENRES

    def parts(self, place: Place) -> list[DataPart]:
        """Films, then credits."""
        return [*_MOVIES.find(place), *_CREDITS.find(place)]


SOURCE = Tmdb5000()
