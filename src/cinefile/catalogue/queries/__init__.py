"""Queries on a catalogue, one family per file. Every result is a frozen dataclass of `cinefile.answers`."""
