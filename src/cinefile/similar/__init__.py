"""Similar films: film vectors, their nearest neighbours, and the reasons why two films are alike."""

from typing import TYPE_CHECKING

from cinefile.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cinefile.similar.film_similarity import FilmSimilarity, ScoredFilm, SimilarOptions
    from cinefile.similar.similar_index import SimilarIndex
    from cinefile.similar.train import open_neighbours

__all__ = ["FilmSimilarity", "ScoredFilm", "SimilarIndex", "SimilarOptions", "open_neighbours"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "FilmSimilarity": "film_similarity",
        "ScoredFilm": "film_similarity",
        "SimilarIndex": "similar_index",
        "SimilarOptions": "film_similarity",
        "open_neighbours": "train",
    },
)
