"""Rating models, one per file: what a person would give to a film, what to watch next, why, and how sure.

    model = FactorModel().fit(user_ids, film_ids, stars)
    model.predict(user_ids, film_ids)
    model.recommend({film_id: stars, …}, k=10)          # a person never seen in training

Names are imported when first used: a model costs nothing to those who do not ask for it.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "AlsModel": "als",
    "AutoencoderModel": "autoencoder",
    "BiasModel": "bias",
    "EaseModel": "ease",
    "Explanation": "picking",
    "FactorModel": "factor",
    "FilmFeatures": "features",
    "NeighboursModel": "neighbours",
    "Pick": "picking",
    "PopularityModel": "popularity",
    "PublishedAutoencoderModel": "autoencoder",
    "RatingModel": "model",
    "Wishes": "picking",
    "film_features": "features",
    "load_model": "registry",
    "new_model": "registry",
    "recommend_for_group": "group",
    "what_to_rate_next": "next_film",
}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
