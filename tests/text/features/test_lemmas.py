"""NLTK's and spaCy's lemmas, with the data that is installed."""

import pytest

from cinefile.errors import InputError
from cinefile.text import features

pytest.importorskip("sklearn")
pytestmark = pytest.mark.train

TEXTS = ["The wolves were running through the cities", "A wolf runs; two men chased it from better houses"]


def _nltk(name: str) -> features.Features:
    pytest.importorskip("nltk")
    from cinefile.text.features.lemmas import wordnet_folder

    try:
        wordnet_folder()
    except InputError as error:
        pytest.skip(str(error))
    return features.make(name, ngrams=1).fit(TEXTS)


def test_wordnet_lemmas_of_nouns() -> None:
    made = _nltk("nltk")
    names = made.names() or []
    assert {"wolf", "city", "men", "house"} <= set(names)
    # Taken for nouns, verbs stay as they are, and stop words are gone.
    assert {"running", "chased"} <= set(names)
    assert not {"the", "were", "wolves"} & set(names)
    counts = made.transform(TEXTS).toarray()
    assert counts[:, names.index("wolf")].tolist() == [1, 1]


def test_part_of_speech_brings_verbs_to_their_lemma() -> None:
    names = set(_nltk("nltk-pos").names() or [])
    assert {"wolf", "run", "chase"} <= names
    assert not {"runs", "chased"} & names


def test_missing_wordnet_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from cinefile.text.features import lemmas

    monkeypatch.setattr(lemmas, "_PLACES", ())
    monkeypatch.delenv("WORDNET_HOME", raising=False)
    with pytest.raises(InputError, match="WordNet's files were not found"):
        lemmas.wordnet_folder()


def test_spacy_lemmas() -> None:
    spacy = pytest.importorskip("spacy")
    if not spacy.util.is_package("en_core_web_sm"):
        pytest.importorskip("spacy_lookups_data", reason="spaCy has no lemmas here: pip install spacy-lookups-data")
    made = features.make("spacy", ngrams=1).fit(TEXTS)
    names = set(made.names() or [])
    assert {"wolf", "run", "city"} <= names
    assert not {"the", "were", "wolves", "running"} & names
    again = features.make("spacy", ngrams=1).restore(*made.state())
    assert (again.transform(TEXTS) != made.transform(TEXTS)).nnz == 0
