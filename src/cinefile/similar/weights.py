"""Weights of the parts in the default blend, chosen on validation films (`python -m benchmarks similar_weights`)."""

from types import MappingProxyType

DEFAULT_WEIGHTS = MappingProxyType(
    {
        "plot": 0.7,
        "genres": 0.2,
        "keywords": 0.5,
        "people": 1.3,
        "title": 0.4,
        "year": 0.2,
        "reception": 0.2,
        "collection": 0.5,
        "taste": 0.7,
    }
)
