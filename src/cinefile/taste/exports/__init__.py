"""Ratings that a person brings along: Letterboxd, IMDb, MovieLens or plain CSV, matched to films.

rows = read_export("letterboxd-export.zip")
report = match(rows, index)
report.ratings            # {film_id: stars}, for RatingModel.recommend
report.write_corrections("corrections.csv")
"""

from cinefile.taste.exports.index import FilmIndex
from cinefile.taste.exports.matching import Match, MatchReport, match, read_corrections
from cinefile.taste.exports.reading import ExportRow, read_export, read_export_bytes

__all__ = [
    "ExportRow",
    "FilmIndex",
    "Match",
    "MatchReport",
    "match",
    "read_corrections",
    "read_export",
    "read_export_bytes",
]
