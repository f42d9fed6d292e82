"""Edit distance, fast enough for re-ranking a few hundred candidates without compiled code."""


class EditDistance:
    """Optimal string alignment distance from one text: insert, delete, replace, swap neighbours, each costs 1.

    Bit-parallel: one step per letter of the other text, whatever this one's length (Hyyrö, "A bit-vector algorithm for
    computing Levenshtein and Damerau edit distances", Nordic Journal of Computing 10, 2003).
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._places: dict[str, int] = {}
        for i, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << i

    def to(self, other: str) -> int:
        """Distance to another text."""
        if self._length == 0:
            return len(other)
        full = (1 << self._length) - 1
        last = 1 << (self._length - 1)
        up, down, diagonal, before, distance = full, 0, 0, 0, self._length
        for letter in other:
            equal = self._places.get(letter, 0)
            swapped = ((~diagonal & equal) << 1) & before
            diagonal = ((((equal & up) + up) ^ up) | equal | down | swapped) & full
            right = (down | ~(diagonal | up)) & full
            left = diagonal & up
            distance += bool(right & last) - bool(left & last)
            right = (right << 1 | 1) & full
            up = (left << 1 | ~(diagonal | right)) & full
            down = right & diagonal
            before = equal
        return distance

    def similarity(self, other: str) -> float:
        """1 for the same text, 0 for nothing in common."""
        longest = max(self._length, len(other))
        return 1.0 - self.to(other) / longest if longest else 1.0
