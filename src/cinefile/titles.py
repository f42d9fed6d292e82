"""Split film titles into their parts, and normalise them to keys, so that spellings of one title compare equal.

"American President, The (1995)", "The American President" and "the american president" share one key.
"""

import re
import unicodedata

# Articles that catalogues move behind a comma. MovieLens does it for every language it holds.
_ARTICLES = (
    "the a an|le la les l' un une des|el los las una unos unas|il lo gli i uno|der die das den ein eine|det en ett|"
    "de het een|o os as um uma"
)
_TRAILING_ARTICLE = re.compile(rf"^(?P<rest>.+), (?P<article>{re.sub('[ |]+', '|', _ARTICLES)})$", re.IGNORECASE)
# No pattern begins with blanks that may repeat: such a search takes the square of a long run of them.
_YEAR = re.compile(r"\((?P<year>1[89]\d\d|20\d\d)(?:[-–]\d{0,4})?\)$")
_ALSO_KNOWN_AS = re.compile(r"^a\.?k\.?a\.?:?\s+", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)")
_APOSTROPHE = re.compile(r"['’`´ʹ]")
_OPTIONAL_MARK = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]"
)
_NOT_WORD = re.compile(r"[\W_]+")
_ANY_ARTICLE = re.compile(rf"^(?:(?:{re.sub('[ |]+', '|', _ARTICLES)})\s+|l['’]\s*)(?=\S)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[^\W_]|[\u0900-\u1aaf\u3099\u309a])*")
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve thirteen"
_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii"
_NUMERALS = {word: str(n) for words in (_NUMBER_WORDS, _ROMAN) for n, word in enumerate(words.split(" "), 2)}
_FILLERS = frozenset(re.findall(r"\w+", "and und et y e og och i part pt vol volume chapter episode teil partie parte"))
# Letters that carry no combining mark and so survive Unicode decomposition.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)


def split_year(title: str) -> tuple[str, int | None]:
    """Take a year in brackets off the end: "Toy Story (1995)" gives ("Toy Story", 1995)."""
    text = title.strip()
    match = _YEAR.search(text)
    if match is None:
        return text, None
    return text[: match.start()].rstrip(), int(match["year"])


def front_article(title: str) -> str:
    """Put a trailing article back in front: "Usual Suspects, The" gives "The Usual Suspects"."""
    match = _TRAILING_ARTICLE.match(title.strip())
    if match is None:
        return title.strip()
    article = match["article"]
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{match['rest']}"


def split_aliases(title: str) -> list[str]:
    """Return all names in one title string, the main name first, with articles in front.

    MovieLens writes "City of Lost Children, The (Cité des enfants perdus, La)" and "Seven (a.k.a. Se7en)".
    """
    rest, aliases = title.strip(), []
    while rest.endswith(")"):
        opened = rest.rfind("(")
        before = rest[: max(opened, 0)].rstrip()
        if not before or ")" in rest[opened:-1]:
            break
        alias = _ALSO_KNOWN_AS.sub("", rest[opened + 1 : -1].strip())
        if alias:
            aliases.append(front_article(alias))
        rest = before
    return [front_article(rest), *reversed(aliases)]


def title_key(title: str) -> str:
    """Reduce a title (without year) to its matching key: no case, diacritics, punctuation, spaces or English article.

    A title made of nothing else ("!!!") keeps its characters, so that no two such titles share the empty key.
    """
    text = _without_accents(front_article(title))
    text = _APOSTROPHE.sub("", _LEADING_ARTICLE.sub("", text.strip()).replace("&", "and"))
    return _without_signs(text) or title.strip()


def _without_accents(title: str) -> str:
    """A title in lower case without the marks that Latin, Greek, Cyrillic, Hebrew and Arabic may leave out.

    In other scripts marks are vowels or make another letter: they stay.
    """
    text = unicodedata.normalize("NFKD", title.casefold())
    return _OPTIONAL_MARK.sub("", text).translate(_LETTERS)


def _without_signs(text: str) -> str:
    if text.isascii():
        return _NOT_WORD.sub("", text)
    return "".join(c for c in text if c.isalnum() or unicodedata.category(c)[0] == "M")


def loose_key(title: str) -> str:
    """Reduce a title further than `title_key`: numerals as digits ("Rocky 2", "Rocky II"), no "Part", "and", article.

    Titles of different films may share it, so a year or an id has to speak for them as well.
    """
    text = _without_accents(front_article(title))
    words = _WORD.findall(_APOSTROPHE.sub("", _ANY_ARTICLE.sub("", text.strip())))
    kept = [_NUMERALS.get(word, word) if place else word for place, word in enumerate(words) if word not in _FILLERS]
    return "".join(kept) or title_key(title)
