"""What questions accept as input, said once."""

import unicodedata

from cinefile.errors import InputError

LONGEST_TEXT = 200
LARGEST_ID = 2**31 - 1


def checked_text(text: str, name: str, longest: int = LONGEST_TEXT) -> str:
    """A text with something in it, in one line, of bearable length, stripped.

    Raises:
        InputError: it is empty, too long, or holds control characters or broken Unicode.
    """
    stripped = text.strip()
    if not stripped:
        raise InputError(f"{name} is empty.", "Give at least one letter.")
    if len(stripped) > longest:
        raise InputError(f"{name} has {len(stripped):,} characters; at most {longest} are accepted.")
    if any(unicodedata.category(c) in {"Cc", "Cs"} or c == "\ufffd" for c in stripped):
        raise InputError(f"{name} holds control characters or broken UTF-8.", "Send plain text in UTF-8.")
    return stripped


def checked_range(value: int, name: str, least: int, most: int) -> int:
    """An integer inside its limits.

    Raises:
        InputError: it is outside.
    """
    if not least <= value <= most:
        raise InputError(f"{name} is {value}; it must be from {least} to {most}.")
    return value
