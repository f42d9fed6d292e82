"""Ratings that a person brings along from Letterboxd, IMDb, MovieLens or a CSV file, matched with films."""

from cinefile.exports.matching import ExportMatch, FilmIndex, MatchReport, match, read_corrections
from cinefile.exports.reading import ExportRow, read_export, read_export_bytes, read_watchlist_bytes

__all__ = [
    "ExportMatch",
    "ExportRow",
    "FilmIndex",
    "MatchReport",
    "match",
    "read_corrections",
    "read_export",
    "read_export_bytes",
    "read_watchlist_bytes",
]
