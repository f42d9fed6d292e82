"""Every tagger that can be trained, one per file, all with one interface. Most need the extra [train]."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cinefile.errors import InputError, MissingExtraError
from cinefile.modelfiles import ModelFolder

if TYPE_CHECKING:
    from cinefile.genres.models.feature_tagger import Tagger

__all__ = ["TAGGERS", "load", "make"]

TAGGERS = {
    "linear": "cinefile.genres.models.linear:LinearTagger",
    "forest": "cinefile.genres.models.forest:ForestTagger",
    "dense": "cinefile.genres.models.dense:DenseTagger",
    "transformer": "cinefile.genres.models.transformer:TransformerTagger",
}


def make(name: str, **settings: Any) -> "Tagger":
    """A tagger by name, not yet fitted.

    Raises:
        InputError: no such tagger.
        MissingExtraError: the extra [train] is not installed.
    """
    if name not in TAGGERS:
        raise InputError(f"There is no tagger {name!r}.", f"Choose one of: {', '.join(TAGGERS)}.")
    module, _, cls = TAGGERS[name].partition(":")
    try:
        found: Tagger = getattr(import_module(module), cls)(**settings)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in ("sklearn", "torch", "transformers"):
            raise MissingExtraError("train", "The tagger zoo") from None
        raise
    return found


def load(folder: str | Path) -> "Tagger":
    """Open what a tagger's `save` wrote.

    Raises:
        ModelError: no tagger folder, or damaged.
    """
    files = ModelFolder(folder)
    tagger = make(files.kind, **files.facts.get("settings", {}))
    return tagger.restore(files)
