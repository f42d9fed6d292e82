"""The Movies Dataset (Kaggle, R. Banik): TMDB records of 2017 with Python literals, and MovieLens ratings."""

import re

from cinefile.sources import movielens
from cinefile.sources.contract import DataPart, Source
from cinefile.sources.readers.csv_files import CsvTable
from cinefile.sources.readers.data_files import Place
from cinefile.sources.tmdb_records import REQUIRED, UNLISTED_GENRES, credits, films, keywords

_REQUIRED = (*REQUIRED, "imdb_id", "adult", "belongs_to_collection")
_METADATA = CsvTable(re.compile(r"movies_metadata.*\.csv"), "film", _REQUIRED, (), assemble=films(_REQUIRED))
_CREDITS = CsvTable(re.compile(r"credits.*\.csv"), "credit", ("id", "cast", "crew"), (), assemble=credits(), slow=True)
_KEYWORDS = CsvTable(re.compile(r"keywords.*\.csv"), "keyword", ("id", "keywords"), (), assemble=keywords)


class TheMoviesDataset(Source):
    """`movies_metadata.csv` and what lies beside it."""

    name = "the-movies-dataset"
    title = "The Movies Dataset"
    formats = "movies_metadata.csv, credits.csv, keywords.csv, links.csv, ratings.csv or ratings_small.csv"
    rank = 20
    key_kind = "tmdb"
    unlisted_genres = UNLISTED_GENRES

    def parts(self, place: Place) -> list[DataPart]:
        """Films, credits and keywords; MovieLens' links and ratings when they lie beside them."""
        own = [*_METADATA.find(place), *_CREDITS.find(place), *_KEYWORDS.find(place)]
        if not own or movielens.has_films(place):
            return own
        return [*own, *movielens.links(place), *movielens.ratings(place)]


SOURCE = TheMoviesDataset()
