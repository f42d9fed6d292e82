"""Weights of the parts in the default blend, by coordinate ascent on validation films (docs/experiments-similar.md)."""

from types import MappingProxyType

DEFAULT_WEIGHTS = MappingProxyType(
    {
        "plot": 0.56,
        "genres": 0.28,
        "keywords": 0.35,
        "people": 1.2,
        "title": 0.8,
        "year": 0.3,
        "reception": 0.4,
        "collection": 0.5,
        "taste": 1.26,
    }
)
