"""Rating models, one per file: what a person would give to a film, what to watch next, why, and how sure.

    model = FactorModel().fit(user_ids, film_ids, stars)
    model.predict(user_ids, film_ids)
    model.recommend({film_id: stars, …}, k=10)          # a person never seen in training

Names are imported when first used: a model costs nothing to those who do not ask for it.
"""

from typing import TYPE_CHECKING

from cinefile.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cinefile.taste.content_features import FilmFeatures, film_features
    from cinefile.taste.group import recommend_for_group
    from cinefile.taste.models import load_model, new_model
    from cinefile.taste.models.als import AlsModel
    from cinefile.taste.models.autoencoder import AutoencoderModel, PublishedAutoencoderModel
    from cinefile.taste.models.bias import BiasModel
    from cinefile.taste.models.ease import EaseModel
    from cinefile.taste.models.factor.model import FactorModel
    from cinefile.taste.models.neighbours import NeighboursModel
    from cinefile.taste.models.popularity import PopularityModel
    from cinefile.taste.next_film import what_to_rate_next
    from cinefile.taste.rating_model import RatingModel, RunOptions
    from cinefile.taste.recommend import Explanation, Pick, Wishes

__all__ = [
    "AlsModel",
    "AutoencoderModel",
    "BiasModel",
    "EaseModel",
    "Explanation",
    "FactorModel",
    "FilmFeatures",
    "NeighboursModel",
    "Pick",
    "PopularityModel",
    "PublishedAutoencoderModel",
    "RatingModel",
    "RunOptions",
    "Wishes",
    "film_features",
    "load_model",
    "new_model",
    "recommend_for_group",
    "what_to_rate_next",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AlsModel": "models.als",
        "AutoencoderModel": "models.autoencoder",
        "BiasModel": "models.bias",
        "EaseModel": "models.ease",
        "Explanation": "recommend",
        "FactorModel": "models.factor.model",
        "FilmFeatures": "content_features",
        "NeighboursModel": "models.neighbours",
        "Pick": "recommend",
        "PopularityModel": "models.popularity",
        "PublishedAutoencoderModel": "models.autoencoder",
        "RatingModel": "rating_model",
        "RunOptions": "rating_model",
        "Wishes": "recommend",
        "film_features": "content_features",
        "load_model": "models",
        "new_model": "models",
        "recommend_for_group": "group",
        "what_to_rate_next": "next_film",
    },
)
