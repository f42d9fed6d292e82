"""Tag plots: genres with their probabilities, thresholds, the words that carried them, and notes on the text."""

from collections.abc import Sequence

from cinefile.answers import Tag, Tags, Word
from cinefile.genres.genre_tagger import PlotTagger, Prediction
from cinefile.text.language import SHORT_WORDS, notes

_WORDS = 8


def tag_plots(
    tagger: PlotTagger,
    plots: Sequence[str],
    threshold: float | str,
    *,
    titles: Sequence[str | None] | None = None,
    years: Sequence[int | None] | None = None,
    top: int | None = None,
    explain: bool = False,
) -> tuple[Tags, ...]:
    """Genres of each plot.

    Args:
        tagger: any tagger.
        plots: the texts.
        threshold: least probability, 0 to 1; or "tuned" (each genre's own) or "common" (one tuned for all).
        titles: titles where known, one per plot.
        years: years of release where known, one per plot.
        top: give this many genres, whatever their probability.
        explain: give the words that speak for each genre, the eight strongest.

    Raises:
        InputError: lists of different lengths.
    """
    found = tagger.predict(plots, titles, years, threshold=threshold, top=top)
    return tuple(
        _tags(tagger, plot, titles[i] if titles else None, years[i] if years else None, genres, explain)
        for i, (plot, genres) in enumerate(zip(plots, found, strict=True))
    )


def _tags(
    tagger: PlotTagger, plot: str, title: str | None, year: int | None, genres: Sequence[Prediction], explain: bool
) -> Tags:
    words = tagger.explain(plot, title, year, genres=[g.genre for g in genres]) if explain and genres else {}
    tags = [
        Tag(
            g.genre,
            g.probability,
            tuple(Word(c.text, c.weight) for c in words.get(g.genre, ())[:_WORDS] if c.weight > 0),
            tagger.thresholds.get(g.genre),
        )
        for g in genres
    ]
    text = notes(plot)
    return Tags(tuple(tags), tuple(text.messages), text.english, text.words < SHORT_WORDS)
