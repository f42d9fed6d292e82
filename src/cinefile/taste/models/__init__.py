"""Every rating model by name. A model's module is imported when it is first asked for."""

from importlib import import_module
from pathlib import Path
from typing import Any

from cinefile.errors import ModelError, NotFoundError
from cinefile.modelfiles import ModelFolder, is_model_folder
from cinefile.taste.rating_model import RatingModel

MODELS = {
    "popularity": "cinefile.taste.models.popularity:PopularityModel",
    "bias": "cinefile.taste.models.bias:BiasModel",
    "neighbours": "cinefile.taste.models.neighbours:NeighboursModel",
    "ease": "cinefile.taste.models.ease:EaseModel",
    "als": "cinefile.taste.models.als:AlsModel",
    "autoencoder": "cinefile.taste.models.autoencoder:AutoencoderModel",
    "autoencoder-published": "cinefile.taste.models.autoencoder:PublishedAutoencoderModel",
    "factor": "cinefile.taste.models.factor.model:FactorModel",
}
DEFAULT = "factor"


def model_class(name: str) -> type[RatingModel]:
    """The class of a model.

    Raises:
        NotFoundError: no model of that name.
    """
    if name not in MODELS:
        raise NotFoundError(f"There is no rating model {name!r}.", f"Choose one of: {', '.join(MODELS)}.")
    module, _, attribute = MODELS[name].partition(":")
    found: type[RatingModel] = getattr(import_module(module), attribute)
    return found


def new_model(name: str = DEFAULT, **settings: Any) -> RatingModel:
    """An untrained model with the given settings."""
    return model_class(name)(**settings)


def load_model(path: str | Path) -> RatingModel:
    """Read a model folder of whatever kind.

    Raises:
        ModelError: missing, damaged, or of no kind that cinefile knows.
    """
    return model_class(ModelFolder(path, verify=False).kind).load(path)


def load_model_of(catalogue: Path) -> RatingModel:
    """The model that `cinefile train taste` put beside a catalogue, or that ships with the starter catalogue.

    Raises:
        ModelError: there is none.
    """
    folder = catalogue.with_suffix(".taste")
    if not is_model_folder(folder):
        raise ModelError(
            f"There is no taste model at {folder}.", f"Make one with: cinefile train taste --db {catalogue}"
        )
    return load_model(folder)
