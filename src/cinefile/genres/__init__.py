"""Genres from plots: the shipped taggers, the tagger zoo, calibration and explanations."""

from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.genres.prediction import Prediction

if TYPE_CHECKING:
    from cinefile.genres.shipped import ShippedTagger

__all__ = ["Prediction", "load_tagger"]

_SHIPPED = Path(__file__).parent.parent / "starter" / "taggers" / "plots"
_HEADS = ("multilabel", "imdb27")


def load_tagger(name: str | Path | None = None, *, threads: int | None = None) -> "ShippedTagger":
    """Open a tagger.

    Args:
        name: None or ``multilabel`` for the shipped 24-label one, ``imdb27`` for the shipped one of 27 classes, else
            the path of a tagger folder, with ``#head`` behind it where it has several.
        threads: threads to use; None takes the setting ``threads``.

    Raises:
        ModelError: no such tagger, or its folder is damaged.
    """
    from cinefile.genres.shipped import ShippedTagger

    if name is None or name in _HEADS:
        return ShippedTagger(_SHIPPED, str(name or "multilabel"), threads=threads)
    folder, _, head = str(name).partition("#")
    return ShippedTagger(folder, head or "multilabel", threads=threads)
