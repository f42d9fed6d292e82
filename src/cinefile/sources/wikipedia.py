"""American films by decade, from Wikipedia (github.com/prust/wikipedia-movie-data): one JSON list a decade."""

from typing import Any

from cinefile.sources.contract import DataPart, Source
from cinefile.sources.readers.cells import FilmCells, text, title, year
from cinefile.sources.readers.data_files import Place
from cinefile.sources.readers.json_files import RecordList


def _film(number: int, record: dict[str, Any]) -> FilmCells:
    name, made, article = title(record.get("title")), year(record.get("year")), text(record.get("href"))
    return FilmCells(
        line=number,
        # Films without an article of their own are known by title and year.
        key=article or f"{name} ({made})",
        title=name,
        year=made,
        wikipedia_id=article,
        genres=_texts(record.get("genres")),
        cast_names=_texts(record.get("cast")),
        plot=text(record.get("extract")),
    )


def _texts(value: Any) -> list[str]:
    return [t for v in value if (t := text(v))] if isinstance(value, list) else []


_RECORDS = RecordList(("title", "year", "cast", "genres"), _film)


class Wikipedia(Source):
    """Decade files of films from Wikipedia's lists."""

    name = "wikipedia"
    title = "Wikipedia decades"
    formats = "movies-1990s.json and the like, or movies.json"
    rank = 40
    # The lists name one or two genres a film, and never these.
    unlisted_genres = frozenset({"Music", "News"})

    def parts(self, place: Place) -> list[DataPart]:
        """All decade files, by name; `movies.json` holds them all and stands alone where it is."""
        found = _RECORDS.find(place)
        return [p for p in found if p.file.name.lower() == "movies.json"] or found


SOURCE = Wikipedia()
