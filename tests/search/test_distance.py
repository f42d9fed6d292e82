import random

import pytest

from cinefile.search.name_index import EditDistance


def reference(one: str, other: str) -> int:
    """Optimal string alignment by the textbook's table."""
    table = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            change = one[i - 1] != other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + change)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def test_agrees_with_the_textbook() -> None:
    draw = random.Random(0)
    for _ in range(2000):
        one, other = ("".join(draw.choices("abc é", k=draw.randrange(0, 12))) for _ in range(2))
        assert EditDistance(one).to(other) == reference(one, other), (one, other)


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("teh", "the", 1), ("", "abc", 3), ("abc", "", 3), ("a" * 90, "a" * 88, 2)]
)
def test_examples(one: str, other: str, distance: int) -> None:
    assert EditDistance(one).to(other) == distance


def test_similarity() -> None:
    assert EditDistance("").similarity("") == 1.0
    assert EditDistance("ab").similarity("cd") == 0.0
