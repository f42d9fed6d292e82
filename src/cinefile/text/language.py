"""Is a plot English, and is it long enough to judge? A check by the commonest words, small and without models."""

import re
from dataclasses import dataclass

SHORT_WORDS = 20
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


# Words that are frequent in one language and rare in the others; those shared (de, la, in, no, me, he) are left out.
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words(
    """the and of to is with his her that for from by who as they their when on an are has was but after into be at this
    it him she will them have not about what which out up one all while where must only between life man woman young
    find finds gets takes then than other two back new get world years been had were you your through against before
    during because himself herself soon how set being can there over some more day"""
)
# German, Dutch, Swedish, Danish; French, Spanish, Portuguese, Italian, Romanian; Polish, Czech, Turkish, Finnish,
# Hungarian, Indonesian.
_OTHERS = _words(
    """und der das ist ein eine nicht mit den auf sich von dem für als auch wird sie zu seine ihre nach im zum zur het
    een van zijn niet voor met aan deze och att det som är på inte av för ett og er til af ikke jeg hun
    le les et des une dans que qui est pour sur pas avec plus son sa ses du au el los las una del con por para su es
    como más pero sus al se lo um uma com não dos das ao na os seu sua il di che non per gli della sono nel alla suo și
    nie się jest na do że jak je ve bir bu için ile olan ja on hän ei että az egy hogy és nem yang dan di dengan
    untuk"""
)


@dataclass(frozen=True)
class TextNotes:
    """Return notes on a text that make its genres less certain.

    Attributes:
        words: number of words.
        english: whether it reads as English.
    """

    words: int
    english: bool

    @property
    def messages(self) -> list[str]:
        """Notes for a person; empty when nothing is amiss."""
        notes = []
        if not self.english:
            notes.append("The text does not read as English, which is all the tagger knows: believe the genres less.")
        if self.words < SHORT_WORDS:
            notes.append(f"The text has {self.words} words; under {SHORT_WORDS} the genres are less sure.")
        return notes


def is_english(text: str) -> bool:
    """Whether a text reads as English.

    A text written mostly outside the Latin alphabet is not. Otherwise common English words are weighed against common
    words of some twenty other languages; a text too short to hold any of either passes.
    """
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return True
    if sum(ord(c) < 0x250 for c in letters) < 0.6 * len(letters):
        return False
    tokens = [w.lower() for w in _WORD.findall(text)]
    english = sum(w in _ENGLISH for w in tokens)
    others = sum(w in _OTHERS for w in tokens)
    if english == others == 0:
        return len(tokens) < 12
    return english >= others


def notes(text: str) -> TextNotes:
    """Length and language of a text."""
    return TextNotes(len(_WORD.findall(text)), is_english(text))
