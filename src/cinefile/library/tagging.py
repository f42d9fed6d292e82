"""What `Library.tag` accepts, and its answer for one plot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cinefile.errors import InputError, TooLargeError
from cinefile.library.engine_answers import Tag, Tags, Word
from cinefile.text.language import notes

if TYPE_CHECKING:
    from cinefile.genres.plot_tagger import PlotTagger
    from cinefile.genres.prediction import Prediction

LONGEST_PLOT = 20_000
MOST_PLOTS = 256
MOST_EXPLAINED = 8
_WORDS = 8
_NAMED_THRESHOLDS = ("tuned", "common")


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


def tags_of(
    tagger: "PlotTagger",
    plot: str,
    title: str | None,
    year: int | None,
    genres: Sequence["Prediction"],
    explain: bool,
) -> Tags:
    """The answer for one plot; of the words, those that speak for a genre, the eight strongest."""
    words = tagger.explain(plot, title, year, genres=[g.genre for g in genres]) if explain and genres else {}
    tags = [
        Tag(
            g.genre,
            g.probability,
            tuple(Word(c.text, c.weight) for c in words.get(g.genre, ())[:_WORDS] if c.weight > 0),
        )
        for g in genres
    ]
    return Tags(tuple(tags), tuple(notes(plot).messages))
