"""The taste protocols by name, on the public data: what ``cinefile evaluate NAME`` runs.

Models compare in one run on one split; their settings were chosen on validation parts (docs/experiments-taste.md).
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cinefile.evaluation import taste_data as data_of
from cinefile.evaluation import taste_protocols as protocols
from cinefile.evaluation.result import Result
from cinefile.evaluation.taste_cold import cold_protocol
from cinefile.evaluation.taste_protocols import Models, Say
from cinefile.taste.registry import new_model

QUICK = ("popularity", "bias", "neighbours", "ease", "als", "factor")


def _models(names: Sequence[str]) -> Models:
    return {name: partial(new_model, name) for name in names}


def ml1m_random(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, random 90/10, five seeds."""
    return protocols.random_protocol("ml1m-random", data_of.ml_1m(data), _models(names or QUICK), say)


def ml1m_users(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, 600 people held out whole."""
    chosen = names or ("popularity", "bias", "neighbours", "als", "ease", "factor")
    return protocols.user_protocol("ml1m-users", data_of.ml_1m(data), _models(chosen), say)


def ml_time(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """The part of MovieLens 1M with timestamps, the last 20% by time."""
    return protocols.time_protocol("ml-time", data_of.ml_1m_timed(data), _models(names or QUICK), say)


def ml_small_time(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens latest-small, the last 20% by time."""
    return protocols.time_protocol("ml-small-time", data_of.latest_small(data), _models(names or QUICK), say)


def cold_films(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, films left out of training altogether."""
    ratings, features = data_of.ml_1m(data), data_of.ml_1m_content(data)
    return cold_protocol("cold-films", ratings, _models(names or ("popularity", "bias", "factor")), say, features)


def intervals(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, coverage of the factor model's intervals."""
    return protocols.interval_protocol("intervals", data_of.ml_1m(data), _models(names or ("factor",)), say)


def movielens_top(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, the published autoencoder study's protocol."""
    chosen = names or ("bias", "autoencoder-published", "autoencoder", "als", "factor")
    return protocols.active_protocol("movielens-top", data_of.ml_1m(data), _models(chosen), say)
