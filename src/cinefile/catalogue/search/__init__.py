"""Finding names that are typed wrongly, in part, or without their accents."""

from cinefile.catalogue.search.names import Match, NameIndex

__all__ = ["Match", "NameIndex"]
