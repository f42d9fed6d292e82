"""Similar films: film vectors, their nearest neighbours, and the reasons why two films are alike."""

from typing import TYPE_CHECKING

from cinefile.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cinefile.similar.models.blended import ScoredFilm, SimilarIndex, SimilarOptions
    from cinefile.similar.train import open_neighbours

__all__ = ["ScoredFilm", "SimilarIndex", "SimilarOptions", "open_neighbours"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ScoredFilm": "models.blended",
        "SimilarIndex": "models.blended",
        "SimilarOptions": "models.blended",
        "open_neighbours": "train",
    },
)
