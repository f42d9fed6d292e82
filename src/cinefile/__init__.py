"""cinefile: film data in; a catalogue that answers questions, tags genres, finds similar films, predicts taste.

import cinefile
lib = cinefile.open("films.duckdb")     # cinefile.open() opens the starter catalogue
lib.films(title="blade runer").films
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cinefile.library import Library as Library
    from cinefile.library import open_library as open

__version__ = "0.1.0"

# Name -> where it lives. Resolved on first use (PEP 562), so that `import cinefile` takes no time.
_EXPORTS = {
    "Library": ("cinefile.library", "Library"),
    "load_tagger": ("cinefile.genres", "load_tagger"),
    "open": ("cinefile.library", "open_library"),
}
__all__ = ["Library", "__version__", "load_tagger", "open"]


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module 'cinefile' has no attribute {name!r}")
    module, attribute = _EXPORTS[name]
    value = globals()[name] = getattr(import_module(module), attribute)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
