"""Film vectors and their neighbours: similar films, the reasons, search by words."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cinefile.similar.filters import Filters as Filters
    from cinefile.similar.index import Options as Options
    from cinefile.similar.index import SimilarFilm as SimilarFilm
    from cinefile.similar.index import SimilarIndex as SimilarIndex
    from cinefile.similar.opening import open_neighbours as open_neighbours

# Name -> where it lives. Resolved on first use (PEP 562), so that importing the package costs nothing.
_EXPORTS = {
    "Filters": "filters",
    "Options": "index",
    "SimilarFilm": "index",
    "SimilarIndex": "index",
    "open_neighbours": "opening",
}
__all__ = ["Filters", "Options", "SimilarFilm", "SimilarIndex", "open_neighbours"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _EXPORTS:
        raise AttributeError(f"module 'cinefile.similar' has no attribute {name!r}")
    return getattr(import_module(f"cinefile.similar.{_EXPORTS[name]}"), name)
