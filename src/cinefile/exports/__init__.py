"""Ratings that a person brings along from Letterboxd, IMDb, Trakt and other sites or a CSV file, matched with films."""

from cinefile.exports.corrections import read_corrections
from cinefile.exports.matching import (
    ExportMatch,
    FilmIndex,
    MatchReport,
    film_index,
    match,
    report_on,
    same_films,
)
from cinefile.exports.reading import (
    Export,
    ExportRow,
    looks_like_export,
    pointing_to_recommend,
    read_export,
    read_export_bytes,
)

__all__ = [
    "Export",
    "ExportMatch",
    "ExportRow",
    "FilmIndex",
    "MatchReport",
    "film_index",
    "looks_like_export",
    "match",
    "pointing_to_recommend",
    "read_corrections",
    "read_export",
    "read_export_bytes",
    "report_on",
    "same_films",
]
