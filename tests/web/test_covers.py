"""Covers: the same film has the same cover, text can be read on it, nothing in it runs or styles."""
# ruff: noqa: E501 — tables of cases read better in whole lines

from itertools import product
from xml.etree import ElementTree

import pytest

from cinefile.web.covers import cover_svg, telling
from cinefile.web.covers.lettering import FACES, set_title, width
from cinefile.web.covers.palette import ERAS, HUES, oklch, palette


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    values = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
def test_text_can_be_read_on_every_ground(era):
    year = min(era.until, 2030)
    for genre, turn in product([*HUES, ""], (-1.0, -0.4, 0.0, 0.6, 1.0)):
        colours = palette([genre] if genre else [], year, turn)
        assert contrast(colours.ink, colours.ground) >= 4.5, (genre, turn)


def test_oklch_gives_the_colours_of_its_author():
    # B. Ottosson's page: white, and sRGB red at (0.628, 0.2577, 29.23°).
    assert oklch(1, 0, 0) == "#ffffff"
    red = oklch(0.628, 0.2577, 29.23)
    assert all(abs(int(red[i : i + 2], 16) - want) <= 3 for i, want in ((1, 255), (3, 0), (5, 0)))


@pytest.mark.parametrize("genre", [*HUES, "unheard of"])
@pytest.mark.parametrize("year", [1922, 1944, 1958, 1975, 1985, 1995, 2008, 2020, None])
def test_every_cover_is_well_formed_and_passive(genre, year):
    svg = cover_svg(7, "A & B <i>", year, (genre,))
    root = ElementTree.fromstring(svg)
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert not tags & {"script", "style", "foreignObject", "image", "a"}
    assert not any(name.startswith("on") or name in ("style", "href") for e in root.iter() for name in e.attrib)
    assert "".join(root.itertext()).replace(" ", "").upper().startswith("A&B<I>")


def test_a_cover_depends_on_the_film_alone():
    cover_svg.cache_clear()
    first = cover_svg(3, "Alien", 1979, ("Horror", "Sci-Fi"))
    cover_svg.cache_clear()
    assert cover_svg(3, "Alien", 1979, ("Horror", "Sci-Fi")) == first
    assert cover_svg(4, "Alien", 1979, ("Horror", "Sci-Fi")) != first


def test_the_telling_genre_leads():
    assert telling(["Drama", "Comedy", "Western"])[0] == "western"
    assert telling(["Science Fiction", "IMAX", "Drama"]) == ["sci-fi", "drama"]
    assert telling([]) == []


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    "title", ["M", "Up", "Alien", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", "WWWWWWWWWWWWWWWW",
              "東京物語", "x" * 400, "a " * 90, " "]
)  # fmt: skip
def test_titles_stay_inside_their_box(face, title):
    set_ = set_title(title, face, 172, 66)
    assert set_.size > 0
    factor = FACES[face][1]
    assert max(width(line, factor) for line in set_.lines) * set_.size <= 172 * 1.01
    assert set_.leading * len(set_.lines) <= 66 * 1.02
