"""Search: an index of names that forgives typos, film titles, a word index, and the fusion of their rankings."""

from cinefile.search.name_index import NameIndex, NameMatch

__all__ = ["NameIndex", "NameMatch"]
