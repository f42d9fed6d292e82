"""The questions that a catalogue answers, one family per file; every answer is a frozen dataclass of `answers`."""
