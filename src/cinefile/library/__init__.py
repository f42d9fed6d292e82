"""The Python facade: what the command line, the HTTP interface and the page call.

import cinefile
lib = cinefile.open("films.duckdb")
lib.films(title="blade runer").films[0].title
"""

from cinefile.library.engines import Engines
from cinefile.library.opening import default_path
from cinefile.library.questions import Questions

__all__ = ["Library", "default_path", "open_library"]


class Library(Questions, Engines):
    """A catalogue and the models that go with it. Threads may share it; close it, or use it in a `with`."""


def open_library(path: str | None = None) -> Library:
    """Open a catalogue.

    Args:
        path: the file; None takes $CINEFILE_DB, else `cinefile.duckdb` in the current folder if it is there, else the
            starter catalogue that comes with cinefile.

    Raises:
        CatalogueError: the file is missing, damaged, or of another version.
    """
    return Library(path)
