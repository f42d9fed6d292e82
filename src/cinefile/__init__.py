"""cinefile: film data in; a catalogue that answers questions, tags genres, finds similar films, predicts taste."""

__version__ = "0.1.0"
