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
_NOT_WORD = re.compile(r"[\W_]+")
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
    text = unicodedata.normalize("NFKD", front_article(title).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)
    text = _APOSTROPHE.sub("", _LEADING_ARTICLE.sub("", text.strip()).replace("&", "and"))
    return _NOT_WORD.sub("", text) or title.strip()
