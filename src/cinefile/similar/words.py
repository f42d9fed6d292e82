"""Words of titles, plots and queries: folded, without stop words, reduced to a base form by a few suffix rules.

The rules are Harman's S stemmer ("How effective is suffixing?", JASIS 42(1), 1991): plurals only, no dictionary, so
the core needs no NLTK. "armies" gives "army", "wolves" stays "wolve"; a title word meets its plural, which is what
titles need.
"""

import re
import unicodedata
from functools import cache

_WORD = re.compile(r"[^\W_]+")
STOP_WORDS = frozenset(
    """
    a about after all an and are as at be but by for from had has have he her his i in into is it its me my no not of
    off on or our out she so that the their them they this to up was we were what when where which who will with you
    your film films movie movies
    """.split()  # noqa: SIM905 - a list of so many words is harder to read
)


def fold(text: str) -> str:
    """Lower case without diacritics: "Amélie" gives "amelie"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@cache
def lemma(word: str) -> str:
    """Base form of one folded word, by the S stemmer's three rules."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")) and len(word) > 3:
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and len(word) > 3:
        return word[:-1]
    return word


def words(text: str) -> list[str]:
    """Base forms of the words of a text, stop words left out."""
    return [lemma(w) for w in _WORD.findall(fold(text.replace("'", "").replace("’", ""))) if w not in STOP_WORDS]
