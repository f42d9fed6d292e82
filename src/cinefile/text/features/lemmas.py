"""Counts of NLTK's and of spaCy's tokens brought to their lemmas, with and without part of speech.

NLTK's own data cannot be downloaded everywhere, so the lemmatiser reads WordNet's files where the system keeps them
(Debian: package ``wordnet-base``) through NLTK's reader, and words are cut by NLTK's Treebank tokeniser, which needs no
data. NLTK's tagger needs data too; in its stead a word's part of speech is the one it has most often in WordNet's own
counts of a tagged corpus (``cntlist.rev``), which no context can change. Results say so.
"""

import os
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cinefile.errors import InputError, MissingExtraError
from cinefile.text.features.counts import KEPT, Counts, Tokenise

_PLACES = ("/usr/share/wordnet", "/usr/local/share/wordnet", "/opt/local/share/wordnet", "/opt/homebrew/share/wordnet")
_WORD = re.compile(r"[a-z]{2,}")
_POS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}


def wordnet_folder() -> Path:
    """Where WordNet's files are: $WORDNET_HOME or the usual places.

    Raises:
        InputError: nowhere.
    """
    for place in (os.environ.get("WORDNET_HOME", ""), *_PLACES):
        if place and (Path(place) / "data.noun").is_file():
            return Path(place)
    raise InputError("WordNet's files were not found.", "Install wordnet-base (Debian), or set WORDNET_HOME.")


@lru_cache(maxsize=1)
def _morphy(folder: Path) -> Callable[[str, str], str]:
    try:
        import nltk.data
        from nltk.corpus.reader.wordnet import WordNetCorpusReader
    except ImportError:
        raise MissingExtraError("train", "The WordNet lemmatiser") from None

    class Reader(WordNetCorpusReader):  # type: ignore[misc]
        # Debian ships no lexnames file; the reader wants it only to name the files of synsets.
        def open(self, fileid: str) -> Any:
            if fileid == "lexnames" and not (folder / fileid).exists():
                import io

                return io.StringIO("".join(f"{i:02d}\tfile{i}\t1\n" for i in range(45)))
            return super().open(fileid)

        # Numbers of WordNet 3.0's synsets, for other languages; it would read another copy of WordNet.
        def map_wn(self, version: str = "wordnet") -> dict[str, str]:
            return {}

    # NLTK reads only from folders on this list.
    if str(folder) not in nltk.data.path:
        nltk.data.path.append(str(folder))
    with warnings.catch_warnings():
        # English is all that is wanted.
        warnings.filterwarnings("ignore", message="The multilingual functions", category=UserWarning)
        reader = Reader(str(folder), None)

    @lru_cache(maxsize=200_000)
    def lemma(word: str, pos: str) -> str:
        # NLTK's WordNetLemmatizer: the shortest of the forms that WordNet knows, else the word itself.
        forms = reader._morphy(word, pos)
        return min(forms, key=len) if forms else word

    return lemma


@lru_cache(maxsize=1)
def usual_pos(folder: Path) -> dict[str, str]:
    """Part of speech (n, v, a, r) that each word has most often in WordNet's tagged corpus."""
    best: dict[str, tuple[int, str]] = {}
    for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, _, count = line.split(" ")
        word, _, rest = key.partition("%")
        pos = _POS[rest[0]]
        total = int(count)
        if total > best.get(word, (0, ""))[0]:
            best[word] = (total, pos)
    return {word: pos for word, (_, pos) in best.items()}


class NltkCounts(Counts):
    """Counts of lemmas, every word taken for a noun, as NLTK's lemmatiser does unless told."""

    with_pos = False

    def tokeniser(self) -> Tokenise:
        """NLTK's tokens, lemmatised; stop words are left out."""
        return _cutter(wordnet_folder(), self.with_pos, self.stop_words)


@lru_cache(maxsize=4)
def _cutter(folder: Path, with_pos: bool, stop_words: bool) -> Tokenise:
    """One for all that want the same, which remembers its texts: a grid of models lemmatises them once."""
    from nltk.tokenize import NLTKWordTokenizer
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    lemma, treebank = _morphy(folder), NLTKWordTokenizer()
    pos = usual_pos(folder) if with_pos else {}
    stop = ENGLISH_STOP_WORDS if stop_words else frozenset()

    @lru_cache(maxsize=KEPT)
    def cut(text: str) -> list[str]:
        words = (w for w in treebank.tokenize(text.lower()) if _WORD.fullmatch(w) and w not in stop)
        return [lemma(w, _pos_of(w, lemma, pos)) for w in words]

    return cut


def _pos_of(word: str, lemma: Callable[[str, str], str], pos: dict[str, str]) -> str:
    if not pos:
        return "n"
    # The counts know lemmas only: an inflected word takes the part of speech of the lemma it may come from.
    found = pos.get(word)
    if found is None:
        found = next((p for p in "vna" if lemma(word, p) != word and pos.get(lemma(word, p)) == p), "n")
    return found


class NltkPosCounts(NltkCounts):
    """Counts of lemmas by each word's most frequent part of speech."""

    with_pos = True


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
        return _spacy_cutter(self.stop_words)


@lru_cache(maxsize=2)
def _spacy_cutter(stop_words: bool) -> Tokenise:
    nlp, _ = pipeline()

    @lru_cache(maxsize=KEPT)
    def cut(text: str) -> list[str]:
        return [t.lemma_.lower() for t in nlp(text) if t.is_alpha and not (stop_words and t.is_stop)]

    return cut
