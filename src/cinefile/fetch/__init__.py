"""Public data sets, downloaded from their official places: `fetch("ml-25m", folder)`."""

from cinefile.fetch.fetch import Fetched, fetch
from cinefile.fetch.public_sets import SETS, PublicSet, find

__all__ = ["SETS", "Fetched", "PublicSet", "fetch", "find"]
