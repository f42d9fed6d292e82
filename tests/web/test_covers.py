"""Covers: the same film has the same cover, films differ, text can be read and fits, nothing in it runs or styles."""
# ruff: noqa: E501 — tables of cases read better in whole lines

from collections import Counter
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest

import cinefile
from cinefile.web.covers import ERAS, FACES, HUES, cover_svg, motif_of, motifs, oklch, palette, pool, set_title, telling

LONG = "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb"
TITLES = ["M", "Up", "Alien", "Fight Club", "Groundhog Day", LONG, "WWWWWWWWWWWWWWWW", "Trainspotting", "東京物語", "x" * 400,
          "a " * 90, " ", "Star Wars: Episode I - The Phantom Menace"]  # fmt: skip


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
    for genre, turn in product([*HUES, ""], (-1.0, -0.5, 0.0, 0.5, 1.0)):
        colours = palette((genre,) if genre else (), era, turn)
        assert contrast(colours.ink, colours.ground) >= 4.5, (genre, turn)


def test_oklch_gives_the_colours_of_its_author():
    # B. Ottosson's page: white, and sRGB red at (0.628, 0.2577, 29.23°).
    assert oklch(1, 0, 0) == "#ffffff"
    red = oklch(0.628, 0.2577, 29.23)
    assert all(abs(int(red[i : i + 2], 16) - want) <= 3 for i, want in ((1, 255), (3, 0), (5, 0)))


@pytest.mark.parametrize("genre", [*HUES, "unheard of"])
@pytest.mark.parametrize("year", [1922, 1944, 1958, 1975, 1985, 1995, 2008, 2020, None])
def test_every_cover_is_well_formed_and_passive(genre, year):
    svg = cover_svg(7, "A & B <i>", year, (genre,), alone=True)
    root = ElementTree.fromstring(svg)
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert not tags & {"script", "style", "foreignObject", "image", "a"}
    assert not any(name.startswith("on") or name in ("style", "href", "id") for e in root.iter() for name in e.attrib)
    assert "var(" not in svg
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


def test_motifs_are_plain_shapes_in_the_tones_of_a_palette():
    for name, (genres, art) in motifs().items():
        root = ElementTree.fromstring(f"<g>{art}</g>")
        assert {e.tag for e in root.iter()} <= {"g", "path", "circle", "ellipse", "rect"}, name
        paints = {e.attrib[kind] for e in root.iter() for kind in ("fill", "stroke") if kind in e.attrib} - {"none"}
        assert paints <= {f"var(--{tone})" for tone in ("ground", "ink", "a", "b", "c", "d")}, name
        assert len(art) < 1100, name
        assert genres <= HUES.keys() | {"any"}, name


@pytest.mark.parametrize("genre", [*HUES, ""])
def test_every_genre_has_motifs_to_choose_from(genre):
    assert len(set(pool(genre))) >= 20


def test_no_motif_fills_a_shelf():
    """Of any 72 films that follow each other by votes within a decade, or a genre of one, 8 at most share a motif."""
    with cinefile.open() as library:
        rows = library.catalogue.cursor().execute(
            "SELECT film_id, year // 10, list(genre ORDER BY genre) FROM films JOIN genres USING (film_id)"
            " WHERE year IS NOT NULL GROUP BY film_id, year, vote_count ORDER BY vote_count DESC NULLS LAST, film_id"
        ).fetchall()  # fmt: skip
    shelves: dict[tuple[int, str], list[str]] = {}
    for film_id, decade, genres in rows:
        motif = motif_of(film_id, genres)
        for genre in {"", *genres}:
            shelves.setdefault((decade, genre), []).append(motif)
    checked = 0
    for shelf, shown in shelves.items():
        for start in range(0, min(len(shown) - 71, 360), 72):
            motif, times = Counter(shown[start : start + 72]).most_common(1)[0]
            assert times <= 8, (shelf, start, motif)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("title", TITLES)
def test_titles_stay_inside_their_box(face, title):
    size, lines = set_title(title, FACES[face], 172, 66)
    assert size > 0
    assert max(length for _, length in lines) <= 172 * 1.001
    assert FACES[face].leading * size * len(lines) <= 66 * 1.001


def test_lines_follow_the_longest_word_and_lose_none():
    size, lines = set_title(LONG, FACES["narrow"], 172, 66)
    assert " ".join(line for line, _ in lines) == LONG.upper()
    assert 3 <= len(lines) <= 6
    assert size > 10


@pytest.mark.browser
@pytest.mark.parametrize("family", ["", "sans-serif", "serif", "monospace"])
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "on a page"])
def test_no_title_leaves_its_cover_in_any_font(browser: Any, family: str, alone: bool):
    """A font much wider than the one meant stands in for machines without condensed fonts."""
    covers = [
        cover_svg(film_id, title, min(era.until, 2020), ("Drama",), alone=alone)
        for film_id, (era, title) in enumerate(product(ERAS, TITLES))
    ]
    page = browser.new_page()
    rule = f"text {{ font-family: {family} !important }}" if family else ""
    page.set_content(f"<style>{rule}</style>" + "".join(covers))
    boxes = page.evaluate(
        "[...document.querySelectorAll('svg.cover text')].map(t => {const b = t.getBBox();"
        " return [t.textContent, b.x, b.y, b.x + b.width, b.y + b.height]})"
    )
    page.close()
    assert len(boxes) > 2 * len(ERAS) * len(TITLES) - 1
    assert [box for box in boxes if not (box[1] >= 0 and box[2] >= 0 and box[3] <= 196 and box[4] <= 300)] == []
