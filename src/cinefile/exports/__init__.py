"""Ratings that a person brings along from Letterboxd, IMDb, MovieLens or a CSV file, matched with films."""

from cinefile.exports.matching import (
    ExportMatch,
    FilmIndex,
    MatchReport,
    film_index,
    match,
    read_corrections,
    report_on,
    same_films,
)
from cinefile.exports.reading import ExportRow, read_export, read_export_bytes, read_watchlist

__all__ = [
    "ExportMatch",
    "ExportRow",
    "FilmIndex",
    "MatchReport",
    "film_index",
    "match",
    "read_corrections",
    "read_export",
    "read_export_bytes",
    "read_watchlist",
    "report_on",
    "same_films",
]
