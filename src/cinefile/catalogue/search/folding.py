"""Names reduced to lower-case words without accents and punctuation, in SQL for columns and in Python for queries."""

import re
import unicodedata

# Letters that Unicode does not decompose, and apostrophes, which vanish: "schindler's" is one word.
_FROM, _TO = "øðđłħıæœþß", "oddlhiaots"
_APOSTROPHES = "'’`´ʹ"
_TRANSLATE = str.maketrans(_FROM, _TO, _APOSTROPHES)
_ARTICLE = re.compile(r"^(?:the|an|a) +")
_NOT_WORD = re.compile(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]+")


def fold_sql(column: str) -> str:
    """SQL expression that folds a column as `fold` does, but for ASCII punctuation, which `NameIndex` blanks out."""
    apostrophes = _APOSTROPHES.replace("'", "''")
    words = f"translate(lower(strip_accents({column})), '{_FROM}{apostrophes}', '{_TO}')"
    return f"regexp_replace({words}, '^(the|an|a) +', '')"


def fold(text: str) -> str:
    """Words of a text in lower case, parted by single spaces: "The  Amélie's Café!" gives "amelies cafe"."""
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).lower().translate(_TRANSLATE)
    words = _NOT_WORD.sub(" ", _ARTICLE.sub("", unicodedata.normalize("NFC", plain).strip()))
    return words.strip()
