"""Which catalogue a library opens when none is named."""

import os
from pathlib import Path

from cinefile import settings
from cinefile.errors import CatalogueError

_STARTER = Path(__file__).resolve().parents[1] / "starter" / "starter.duckdb"


def default_path() -> Path:
    """$CINEFILE_DB, else `cinefile.duckdb` in the current folder if it is there, else the starter catalogue.

    Raises:
        CatalogueError: there is none of these.
    """
    named = Path(str(settings.get("db"))).expanduser()
    if os.environ.get("CINEFILE_DB") or named.is_file():
        return named
    if _STARTER.is_file():
        return _STARTER
    raise CatalogueError(
        "There is no catalogue: $CINEFILE_DB is not set, no cinefile.duckdb here, and no starter catalogue installed.",
        "Make one with: cinefile ingest PATH --db FILE",
    )
