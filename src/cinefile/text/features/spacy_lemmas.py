"""Counts of spaCy's tokens and lemmas: a trained pipeline where one is installed, else a blank one with lookups."""

from functools import lru_cache
from typing import Any

from cinefile.errors import MissingExtraError
from cinefile.text.features.counts import KEPT, Counts, Tokenise

TRAINED = "en_core_web_sm"


@lru_cache(maxsize=1)
def pipeline() -> tuple[Any, str]:
    """The pipeline and its name: ``en_core_web_sm``, or ``blank+lookups`` from the package spacy-lookups-data."""
    try:
        import spacy
    except ImportError:
        raise MissingExtraError("train", "spaCy's lemmas") from None
    if spacy.util.is_package(TRAINED):
        return spacy.load(TRAINED, exclude=["ner", "parser"]), TRAINED
    blank = spacy.blank("en")
    blank.add_pipe("lemmatizer", config={"mode": "lookup"})
    blank.initialize()
    return blank, "blank+lookups"


class SpacyCounts(Counts):
    """Counts of spaCy lemmas; stop words, punctuation and numbers left out."""

    def tokeniser(self) -> Tokenise:
        """Lemmas of the words in a text."""
        return _cutter(self.stop_words)


@lru_cache(maxsize=2)
def _cutter(stop_words: bool) -> Tokenise:
    nlp, _ = pipeline()

    @lru_cache(maxsize=KEPT)
    def cut(text: str) -> list[str]:
        return [t.lemma_.lower() for t in nlp(text) if t.is_alpha and not (stop_words and t.is_stop)]

    return cut
