"""Records of TMDB's own interface: one JSON list a year, each beginning with a placeholder."""

from typing import Any

from cinefile.sources.contract import BadRowError, DataPart, Source
from cinefile.sources.readers.data_files import Place
from cinefile.sources.readers.json_files import RecordList
from cinefile.sources.tmdb_records import REQUIRED, UNLISTED_GENRES, films

_ORDER = (*REQUIRED, "imdb_id", "adult", "belongs_to_collection")


def _row(number: int, record: dict[str, Any]) -> tuple[Any, ...]:
    if "id" not in record:
        raise BadRowError("a placeholder: the record has no id")
    return number, *(record.get(c) for c in _ORDER)


_RECORDS = RecordList(("original_title", "production_companies", "vote_average"), _row, films(_ORDER))


class TmdbApi(Source):
    """Year files of TMDB records."""

    name = "tmdb-api"
    title = "TMDB API records"
    formats = "*.json, each a list of TMDB movie records"
    rank = 10
    key_kind = "tmdb"
    unlisted_genres = UNLISTED_GENRES

    def parts(self, place: Place) -> list[DataPart]:
        """All year files, by name."""
        return _RECORDS.find(place)


SOURCE = TmdbApi()
