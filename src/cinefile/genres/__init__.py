"""Genres from plots: the shipped taggers, the tagger zoo, calibration and explanations."""

from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.genres.genre_tagger import Prediction

if TYPE_CHECKING:
    from cinefile.genres.genre_tagger import PlotTagger
    from cinefile.text.encoder import Encoder, OnnxEncoder

__all__ = ["SHIPPED_FOLDER", "Prediction", "load_tagger", "own_label_encoder", "shipped_encoder"]

SHIPPED_FOLDER = Path(__file__).parent.parent / "starter" / "taggers" / "plots"
_HEADS = ("multilabel", "imdb27")


def shipped_encoder(threads: int | None = None) -> "OnnxEncoder":
    """Sentence vectors of the shipped tagger's encoder, made for genres; see `docs/genres.md` on other uses."""
    from cinefile.text.encoder import OnnxEncoder

    return OnnxEncoder(SHIPPED_FOLDER, threads=threads)


def own_label_encoder(threads: int | None = None) -> "Encoder":
    """What own labels are learnt on: the tagger's vectors, which know genres, beside the general ones of search.

    For labels that are no genres the second know what the first have forgotten (`benchmarks genres_few_shot`).
    """
    from cinefile.text import static_encoder
    from cinefile.text.encoder import JoinedEncoder

    return JoinedEncoder(shipped_encoder(threads), static_encoder.shipped_encoder())


def load_tagger(name: str | Path | None = None, *, threads: int | None = None) -> "PlotTagger":
    """Open a tagger.

    Args:
        name: None or ``multilabel`` for the shipped 24-label one, ``imdb27`` for the shipped one of 27 classes, else
            the path of a tagger folder: one that `cinefile train genres` wrote, or a copy of the shipped one, with
            ``#imdb27`` behind the path for its other head.
        threads: threads to use; None takes the setting ``threads``.

    Raises:
        ModelError: no such tagger, or its folder is damaged.
    """
    from cinefile.genres import models
    from cinefile.genres.models.shipped import ShippedTagger
    from cinefile.modelfiles import ModelFolder

    if name is None or name in _HEADS:
        return ShippedTagger(SHIPPED_FOLDER, str(name or "multilabel"), threads=threads)
    folder, _, head = str(name).partition("#")
    files = ModelFolder(folder)
    if files.kind == "custom-tagger":
        from cinefile.genres.models.own_labels import CustomTagger

        return CustomTagger.load(files, own_label_encoder(threads))
    if files.kind in models.TAGGERS:
        from cinefile.genres.models.feature_tagger import FittedTagger

        return FittedTagger(models.load(folder))
    return ShippedTagger(folder, head or "multilabel", threads=threads)
