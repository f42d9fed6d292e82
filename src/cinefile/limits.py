"""Limits on what callers may send, and the checks of them."""

import unicodedata
from collections.abc import Sequence

from cinefile.errors import InputError, TooLargeError

LONGEST_TEXT = 200
LARGEST_ID = 2**31 - 1
LONGEST_PLOT = 20_000
MOST_PLOTS = 256
MOST_EXPLAINED = 8
MOST_RATINGS = 10_000
MOST_FILMS = 100
MOST_PEOPLE_LISTED = 100
LARGEST_PAGE = 100
LARGEST_GROUP = 5
SURE = 0.9  # confidence from which the match of an export's row is not asked about
SORT_KEYS = (
    "match",
    "title",
    "year",
    "release",
    "runtime",
    "popularity",
    "score",
    "votes",
    "average",
    "budget",
    "revenue",
    "profit",
    "return",
)
_NAMED_THRESHOLDS = ("tuned", "common")


def checked_text(text: str, name: str, longest: int = LONGEST_TEXT) -> str:
    """A text with something in it, in one line, of bearable length, stripped.

    Raises:
        InputError: it is empty, too long, or holds control characters or broken Unicode.
    """
    stripped = text.strip()
    if not stripped:
        raise InputError(f"{name} is empty.", "Give at least one letter.")
    if len(stripped) > longest:
        raise InputError(f"{name} has {len(stripped):,} characters; at most {longest} are accepted.")
    if any(unicodedata.category(c) in {"Cc", "Cs"} or c == "\ufffd" for c in stripped):
        raise InputError(f"{name} holds control characters or broken UTF-8.", "Send plain text in UTF-8.")
    return stripped


def checked_range(value: int, name: str, least: int, most: int) -> int:
    """An integer inside its limits.

    Raises:
        InputError: it is outside.
    """
    if not least <= value <= most:
        raise InputError(f"{name} is {value}; it must be from {least} to {most}.")
    return value


def checked_plots(plots: Sequence[str], threshold: float | str, explain: bool) -> None:
    """Refuse what cannot be tagged.

    Raises:
        InputError: which plot or threshold, and what is accepted.
    """
    if isinstance(threshold, str):
        if threshold not in _NAMED_THRESHOLDS:
            raise InputError(f"threshold is {threshold!r}; it must be from 0 to 1, or tuned, or common.")
    elif not 0.0 <= threshold <= 1.0:
        raise InputError(f"threshold is {threshold}; it must be from 0 to 1.")
    if len(plots) > MOST_PLOTS:
        raise TooLargeError(f"{len(plots):,} plots were given; at most {MOST_PLOTS} are accepted at a time.")
    if explain and len(plots) > MOST_EXPLAINED:
        raise InputError(f"{len(plots)} plots are to be explained; at most {MOST_EXPLAINED} are at a time.")
    for number, plot in enumerate(plots):
        if not plot.strip() or len(plot) > LONGEST_PLOT:
            raise InputError(f"Plot {number} has {len(plot):,} characters; 1 to {LONGEST_PLOT:,} are accepted.")
