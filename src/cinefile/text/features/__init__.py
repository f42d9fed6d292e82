"""Text features for the tagger zoo, one per file; `make` builds one by name."""

from importlib import import_module
from typing import Any

from cinefile.errors import InputError
from cinefile.text.features.contract import Features

__all__ = ["FEATURES", "Features", "make"]

FEATURES = {
    "counts": "cinefile.text.features.counts:Counts",
    "tfidf": "cinefile.text.features.counts:Tfidf",
    "nltk": "cinefile.text.features.nltk_lemmas:NltkCounts",
    "nltk-pos": "cinefile.text.features.nltk_lemmas:NltkPosCounts",
    "spacy": "cinefile.text.features.spacy_lemmas:SpacyCounts",
    "embeddings": "cinefile.text.features.embeddings:Embeddings",
}


def make(name: str, **settings: Any) -> Features:
    """Features by name, not yet fitted.

    Raises:
        InputError: no such features.
    """
    if name not in FEATURES:
        raise InputError(f"There are no features {name!r}.", f"Choose one of: {', '.join(FEATURES)}.")
    module, _, cls = FEATURES[name].partition(":")
    found: Features = getattr(import_module(module), cls)(**settings)
    return found
