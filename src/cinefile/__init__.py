"""Film data in; a catalogue that answers questions, tags genres, finds similar films and predicts taste.

import cinefile
lib = cinefile.open("films.duckdb")     # cinefile.open() opens the starter catalogue
lib.films(title="blade runer").films
"""

from typing import TYPE_CHECKING

from cinefile.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cinefile.genres import load_tagger as load_tagger
    from cinefile.library import Library as Library
    from cinefile.library import open_library as open

__version__ = "0.2.0"
__all__ = ["Library", "__version__", "load_tagger", "open"]

__getattr__, __dir__ = lazy_exports(
    __name__, {"Library": "library", "load_tagger": "genres", "open": "library:open_library"}
)
