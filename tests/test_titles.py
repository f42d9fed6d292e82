import time

import pytest

from cinefile.titles import front_article, split_aliases, split_year, title_key


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("Toy Story (1995)", "Toy Story", 1995),
        ("2001: A Space Odyssey", "2001: A Space Odyssey", None),
        ("1984 (Nineteen Eighty-Four) (1984)", "1984 (Nineteen Eighty-Four)", 1984),
        ("Doctor Who (2005–2010)", "Doctor Who", 2005),
        ("Film (3000)", "Film (3000)", None),
        ("  Heat (1995)  ", "Heat", 1995),
    ],
)
def test_split_year(text: str, title: str, year: int | None) -> None:
    assert split_year(text) == (title, year)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Usual Suspects, The", "The Usual Suspects"),
        ("Avventura, L'", "L'Avventura"),
        ("Me, Myself & Irene", "Me, Myself & Irene"),
    ],
)
def test_front_article(text: str, expected: str) -> None:
    assert front_article(text) == expected


def test_split_aliases() -> None:
    assert split_aliases("Seven (a.k.a. Se7en)") == ["Seven", "Se7en"]
    assert split_aliases("City of Lost Children, The (Cité des enfants perdus, La)") == [
        "The City of Lost Children",
        "La Cité des enfants perdus",
    ]
    assert split_aliases("(500) Days of Summer") == ["(500) Days of Summer"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("American President, The", "The American President"),
        ("Amélie", "AMELIE"),
        ("Fast & Furious", "Fast and Furious"),
        ("Schindler's List", "Schindlers List"),
        ("Wall·E", "WALL-E"),
        ("Æon Flux", "Aeon Flux"),
        ("A Bug's Life", "Bug’s Life, A"),
    ],
)
def test_same_title_shares_a_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), [("A.I.", "I"), ("!!!", "???"), ("Alien", "Aliens"), ("The", "A")])
def test_different_titles_do_not(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    "hostile",
    [
        " " * 20_000,
        "a" + " " * 20_000 + "b",
        "(" * 20_000,
        "(a)" * 7_000,
        "a (1995" * 3_000,
        ", the" * 4_000,
        "a.k.a. " * 3_000,
    ],
    ids=lambda text: text.strip()[:8],
)
def test_hostile_titles_take_no_time(hostile: str) -> None:
    started = time.perf_counter()
    for text in (hostile, f"({hostile})", f"{hostile} (1995)"):
        split_year(text)
        split_aliases(text)
        title_key(text)
    assert time.perf_counter() - started < 1.0


def test_vowel_signs_of_other_scripts_tell_titles_apart() -> None:
    assert title_key("माली") != title_key("मेला")
    assert title_key("がき") != title_key("かき")
    assert title_key("Amélie") == title_key("Ame\u0301lie") == "amelie"
    assert title_key("Сталкер") == title_key("СТАЛКЕР")
