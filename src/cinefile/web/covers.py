"""Generated covers: every film has one, drawn from its title, year and genres, always the same for the same film.

There are no posters to ship or fetch, so the cover says what a poster says at a glance: what kind of film, and from
when. The main genre chooses motif and hue, the decade chooses lightness, chroma and lettering, the second genre the
second hue, and the film's id whatever is left to chance. Motifs are symbols in `cover_motifs.svg`; hues, eras and faces
are data in `cover_palettes.toml`.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from html import escape
from math import cos, floor, radians, sin
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_DATA: dict[str, Any] = tomllib.loads((_FOLDER / "cover_palettes.toml").read_text(encoding="utf-8"))
HUES: dict[str, int] = _DATA["hues"]
# A genre with fewer motifs of its own borrows from those that suit all, so that no shelf shows one motif too often.
_POOL = 20
# Of a dozen salts, the one under which motifs spread best over the starter's genres and decades.
_SALT = b"\x03"
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'
_YEAR = 'font-size="9.5" letter-spacing="1.2"'
_TURNS = 5  # steps by which the hues of films of one genre and decade differ


@dataclass(frozen=True)
class Face:
    """The lettering of a title: widths relative to Arial Bold, leading relative to the font size."""

    family: str
    width: float
    upper: bool
    leading: float
    largest: float


@dataclass(frozen=True, eq=False)
class Era:
    """How posters of a time look: (lightness, chroma) of ground, ink and tones, and the face of their titles."""

    name: str
    until: int
    face: str
    ground: Sequence[float]
    ink: Sequence[float]
    tones: Sequence[Sequence[float]]
    paper: float | None = None  # a hue that replaces the genre's on the ground
    sway: float = 0.0  # degrees by which it may be another


@dataclass(frozen=True)
class Palette:
    """Hex colours: `ground` behind all, `ink` for text on it (contrast of at least 4.5), four tones for the motif."""

    ground: str
    ink: str
    a: str
    b: str
    c: str
    d: str


FACES = {name: Face(**values) for name, values in _DATA["faces"].items()}
ERAS = tuple(Era(**values) for values in _DATA["eras"])


@cache
def motifs() -> dict[str, tuple[frozenset[str], str]]:
    """Return every motif by name: the genres that it suits, and its SVG with tones as `var(--tone)`."""
    text = (_FOLDER / "cover_motifs.svg").read_text(encoding="utf-8")
    found = re.findall(r'<symbol id="([^"]+)" class="([^"]+)"[^>]*>(.*?)</symbol>', text)
    return {name: (frozenset(genres.split()), art) for name, genres, art in found}


@cache
def pool(genre: str) -> tuple[str, ...]:
    """Return the names of the motifs that a film of a genre may have; "" is no genre."""
    own = [name for name, (genres, _) in motifs().items() if genre in genres]
    common = [name for name, (genres, _) in motifs().items() if "any" in genres and name not in own]
    return tuple(own + common[: max(0, _POOL - len(own))])


def telling(genres: Sequence[str]) -> list[str]:
    """Return the keys of the genres that have a hue, the most telling first."""
    synonyms = _DATA["synonyms"]
    keys = {synonyms.get(genre.casefold(), genre.casefold()) for genre in genres}
    return [key for key in HUES if key in keys]


def era_of(year: int | None) -> Era:
    """Return the era of a year; films without a year look like today's."""
    return ERAS[-1] if year is None else next(era for era in ERAS if year <= era.until)


def motif_of(film_id: int, genres: Sequence[str]) -> str:
    """Return the name of the motif of a film; one film in three shows its second genre."""
    chance, keys = _chance(film_id), telling(genres)
    shown = keys[1] if len(keys) > 1 and chance[0] < 87 else next(iter(keys), "")
    names = pool(shown)
    return names[int.from_bytes(chance[1:4]) % len(names)]


@lru_cache(maxsize=4096)
def cover_svg(
    film_id: int, title: str, year: int | None, genres: tuple[str, ...], label: str = "", *, alone: bool = False
) -> str:
    """Return the cover as an SVG element of 200 x 300 units, without style attributes, ids or references.

    Args:
        film_id: seeds what is left to chance.
        title: shown; escaped here.
        year: shown, and decides the era.
        genres: names of genres, in any case and order.
        label: what a screen reader says; without it the cover is decoration.
        alone: the cover is a file of its own; on a page the style sheet names the fonts (`font_rules`).
    """
    era, colours, chance = era_of(year), _palette_of(film_id, year, genres), _chance(film_id)
    on_top, mirrored = chance[4] < 77, chance[5] < 128
    art = motifs()[motif_of(film_id, genres)][1]
    for tone, colour in vars(colours).items():
        art = art.replace(f"var(--{tone})", colour)
    if mirrored:
        art = f'<g transform="matrix(-1 0 0 1 200 0)">{art}</g>'
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="cover"{_XMLNS if alone else ""} viewBox="0 0 200 300" {role}>'
        f'<path fill="{colours.ground}" d="M0 0h200v300H0z"/>'
        f'<svg y="{110 if on_top else 0}" width="200" height="190">{art}</svg>'
        f"{_frame(era, colours, on_top)}{_text(title, year, era, colours.ink, on_top, alone)}</svg>"
    )


def backdrop_svg(film_id: int, year: int | None, genres: Sequence[str]) -> str:
    """Return two soft lights in the cover's colours, to stand blurred behind the head of the film's page."""
    colours = _palette_of(film_id, year, genres)
    lights = f'<circle cx="22" cy="14" r="22" fill="{colours.a}"/><circle cx="70" cy="6" r="18" fill="{colours.b}"/>'
    return f'<svg class="backdrop" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">{lights}</svg>'


def _chance(film_id: int) -> bytes:
    """Return bytes that look random and depend on the film alone."""
    return blake2b(str(film_id).encode(), digest_size=8, salt=_SALT).digest()


def _frame(era: Era, p: Palette, on_top: bool) -> str:
    """Return what printers of the time put around or between picture and text."""
    edge = 110 if on_top else 190
    if era.name in ("silent", "deco"):
        return f'<path d="M6 6h188v288H6zM10 10h180v280H10z" fill="none" stroke="{p.ink}" opacity=".55"/>'
    if era.name == "warm":
        top = edge - 12 if on_top else edge
        bands = enumerate((p.a, p.b, p.c))
        return "".join(f'<path d="M0 {top + 4 * place}h200v4H0z" fill="{tone}"/>' for place, tone in bands)
    if era.name == "neon":
        return f'<path d="M0 {edge - 1}h200v2H0z" fill="{p.a}"/>'
    return ""


def _text(title: str, year: int | None, era: Era, ink: str, on_top: bool, alone: bool) -> str:
    """Return title and year in the zone that the motif leaves free.

    Each line says how long it is, so that it fills the same room in whatever font the browser has.
    """
    face, framed = FACES[era.face], era.name in ("silent", "deco")
    left, height = (18, 60) if framed else (14, 66)
    top = (20 if framed else 16) if on_top else 208 if era.name == "warm" else 202
    size, lines = set_title(title, face, 200 - 2 * left, height)
    first = top + size * 0.78
    text = "".join(
        f'<text x="{left}" y="{first + face.leading * size * place:.1f}" font-size="{size}"'
        f' textLength="{length:.0f}" lengthAdjust="spacingAndGlyphs">{escape(line)}</text>'
        for place, (line, length) in enumerate(lines)
    )
    if year is not None:
        foot = (92 if era.name == "warm" else 100) if on_top else 284 if framed else 288
        small = _YEAR if alone else 'class="year"'
        text += f'<text x="{left}" y="{foot}" {small}>{year}</text>'
    fonts = f'font-family="{face.family}" font-weight="700"' if alone else f'class="{era.face}"'
    return f'<g {fonts} fill="{ink}">{text}</g>'


def font_rules() -> str:
    """Return the style rules for the lettering of covers on pages."""
    faces = "".join(f".cover .{name} {{ font-family: {face.family}; }}\n" for name, face in FACES.items())
    return f"{faces}.cover g {{ font-weight: 700; }}\n.cover .year {{ font-size: 9.5px; letter-spacing: 1.2px; }}\n"


_WIDTHS = {  # of Arial Bold, in em
    letter: width
    for width, letters in (
        (0.28, " ,./:;I|ijl'’·"), (0.34, "!()[]-ft“”"), (0.39, "*r"), (0.556, "0123456789$Jaceksvxyz"),
        (0.611, "?FLTZbdghnopqu"), (0.667, "EPSVXY"), (0.722, "&ABCDHKNRU"), (0.78, "GOQw"), (0.833, "M"),
        (0.889, "%m"), (0.944, "W"), (1.0, "@—…"),
    )
    for letter in letters
}  # fmt: skip


def _width(text: str) -> float:
    """Return the width of a text in em of Arial Bold; unknown letters are taken to be wide."""
    return sum(
        _WIDTHS.get(letter) or (1.0 if letter > "\u2e80" else 0.722 if letter.isupper() else 0.611) for letter in text
    )


def set_title(title: str, face: Face, room: float, height: float) -> tuple[float, list[tuple[str, float]]]:
    """Break a title into lines as large as fit; return the font size, and each line with its length in SVG units.

    Args:
        title: the film's title; beyond 90 characters it is cut with an ellipsis.
        face: how titles look in the film's era.
        room: width of the text box.
        height: height of the text box.
    """
    text = title if len(title) <= 90 else title[:88].rstrip() + "…"
    words = (text.upper() if face.upper else text).split() or ["?"]
    widths = [_width(word) * face.width for word in words]
    space, longest = _WIDTHS[" "] * face.width, max(widths)
    whole = sum(widths) + space * (len(words) - 1)
    best, size = [(words, whole)], 0.0
    for count in range(1, min(len(words), 6) + 1):
        if height / (face.leading * count) <= size:
            break  # more lines would only be smaller
        limit = max(longest, whole / count)
        while len(lines := _wrap(words, widths, space, limit)) > count:
            limit *= 1.05
        fits = min(face.largest, room / max(w for _, w in lines), height / (face.leading * len(lines)))
        if fits > size + 0.5:
            size, best = fits, lines
    size = floor(size * 10) / 10
    return size, [(" ".join(line), width * size) for line, width in best]


def _wrap(words: list[str], widths: list[float], space: float, limit: float) -> list[tuple[list[str], float]]:
    """Fill lines with words up to a width; return the words of each line, and its width."""
    lines: list[tuple[list[str], float]] = []
    line, filled = [words[0]], widths[0]
    for word, width in zip(words[1:], widths[1:], strict=True):
        if filled + space + width <= limit + 1e-9:
            line.append(word)
            filled += space + width
        else:
            lines.append((line, filled))
            line, filled = [word], width
    return [*lines, (line, filled)]


def _palette_of(film_id: int, year: int | None, genres: Sequence[str]) -> Palette:
    """Return the colours of a film's cover."""
    return palette(tuple(telling(genres)[:2]), era_of(year), _chance(film_id)[6] % _TURNS * 2 / (_TURNS - 1) - 1)


@lru_cache(maxsize=4096)
def palette(genres: tuple[str, ...], era: Era, turn: float) -> Palette:
    """Mix the colours of a cover.

    Args:
        genres: keys of HUES, main genre first; the first two count.
        era: decides lightness and chroma.
        turn: -1 to 1, moves the hues a little so that two films of one genre and decade differ.
    """
    first = HUES[genres[0]] + 14 * turn if genres else _DATA["no_genre"] + 14 * turn
    second = HUES[genres[1]] - 10 * turn if len(genres) > 1 else first + (48 if turn > 0 else -48)
    grey = 0.35 if genres[:1] == ("film-noir",) else 1.0
    tones = [
        oklch(lightness, chroma * grey, hue)
        for (lightness, chroma), hue in zip(era.tones, (first, second, first, second), strict=True)
    ]
    paper = first if era.paper is None else era.paper + era.sway * turn
    ground, ink = oklch(era.ground[0], era.ground[1] * grey, paper), oklch(era.ink[0], era.ink[1], paper)
    return Palette(ground, ink, *tones)


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return a hex colour; chroma is reduced until the colour exists in sRGB.

    In OKLCH equal steps look equal, so that text keeps its contrast whatever the hue (B. Ottosson, "A perceptual color
    space for image processing", 2020: the matrices).
    """
    for _ in range(40):
        rgb = _linear_rgb(lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue)))
        if all(-1e-3 <= value <= 1.001 for value in rgb):
            break
        chroma *= 0.94
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, value)))):02x}" for value in rgb)


def _linear_rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    l_ = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )


def _gamma(value: float) -> float:
    return float(12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)
