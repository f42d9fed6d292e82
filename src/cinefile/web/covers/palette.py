"""Colours of a cover: the hue comes from the genres, lightness and chroma from the decade the film is of.

Colours are mixed in OKLCH, where equal steps look equal, so that the text keeps its contrast whatever the hue
(B. Ottosson, "A perceptual color space for image processing", 2020: the matrices below).
"""

from dataclasses import dataclass
from math import cos, radians, sin

HUES = {
    "action": 35, "adventure": 145, "animation": 75, "biography": 60, "children": 120, "comedy": 92, "crime": 22,
    "documentary": 205, "drama": 262, "family": 122, "fantasy": 305, "film-noir": 70, "history": 78, "horror": 18,
    "music": 340, "musical": 352, "mystery": 285, "news": 230, "romance": 8, "sci-fi": 228, "short": 175,
    "sport": 158, "thriller": 195, "tv movie": 250, "war": 112, "western": 52,
}  # fmt: skip
_NO_GENRE = 270


@dataclass(frozen=True)
class Palette:
    """Hex colours: `ground` behind all, `ink` for text on it (contrast of at least 4.5), four tones for the art."""

    ground: str
    ink: str
    a: str
    b: str
    c: str
    d: str


@dataclass(frozen=True)
class Era:
    """How posters of a time look: (lightness, chroma) of ground, ink and tones, and the face of their titles."""

    name: str
    until: int
    ground: tuple[float, float]
    ink: tuple[float, float]
    tones: tuple[tuple[float, float], ...]
    face: str
    warm: float | None = None  # a hue that replaces the genre's on the ground: paper, or night
    sway: float = 0.0  # degrees by which it may be another


ERAS = (
    Era("silent", 1929, (0.89, 0.035), (0.24, 0.02),
        ((0.34, 0.05), (0.56, 0.07), (0.70, 0.06), (0.45, 0.08)), "serif", 82, 12),
    Era("deco", 1949, (0.25, 0.045), (0.93, 0.04),
        ((0.80, 0.10), (0.55, 0.12), (0.40, 0.08), (0.68, 0.12)), "serif"),
    Era("cut paper", 1969, (0.91, 0.04), (0.25, 0.03),
        ((0.62, 0.19), (0.44, 0.12), (0.78, 0.14), (0.28, 0.05)), "narrow", 80, 22),
    Era("warm", 1979, (0.37, 0.09), (0.95, 0.035),
        ((0.80, 0.14), (0.68, 0.17), (0.56, 0.16), (0.46, 0.12)), "serif"),
    Era("neon", 1989, (0.21, 0.075), (0.97, 0.02),
        ((0.72, 0.21), (0.60, 0.23), (0.42, 0.17), (0.84, 0.13)), "narrow", 285, 52),
    Era("night", 1999, (0.18, 0.03), (0.95, 0.02),
        ((0.66, 0.18), (0.50, 0.15), (0.33, 0.09), (0.80, 0.11)), "narrow"),
    Era("tonal", 2012, (0.43, 0.115), (0.98, 0.015),
        ((0.72, 0.15), (0.58, 0.15), (0.34, 0.09), (0.86, 0.10)), "sans"),
    Era("pale", 9999, (0.90, 0.055), (0.25, 0.06),
        ((0.68, 0.18), (0.54, 0.18), (0.80, 0.11), (0.40, 0.13)), "sans"),
)  # fmt: skip


def era_of(year: int | None) -> Era:
    """The era of a year; films without a year look like today's."""
    return ERAS[-1] if year is None else next(era for era in ERAS if year <= era.until)


def palette(genres: list[str], year: int | None, turn: float) -> Palette:
    """Colours for a film.

    Args:
        genres: keys of HUES, main genre first; others are passed over.
        year: decides the era.
        turn: -1 to 1, moves the hues a little so that two films of one genre and decade differ.
    """
    era = era_of(year)
    hues = [HUES[g] for g in genres if g in HUES] or [_NO_GENRE]
    first = hues[0] + 14 * turn
    second = hues[1] - 10 * turn if len(hues) > 1 else first + (48 if turn > 0 else -48)
    grey = 0.35 if genres[:1] == ["film-noir"] else 1.0
    tone = [
        oklch(light, chroma * grey, hue)
        for (light, chroma), hue in zip(era.tones, (first, second, first, second), strict=True)
    ]
    ground_hue = first if era.warm is None else era.warm + era.sway * turn
    return Palette(oklch(*_scaled(era.ground, grey), ground_hue), oklch(*era.ink, ground_hue), *tone)


def _scaled(pair: tuple[float, float], chroma: float) -> tuple[float, float]:
    return pair[0], pair[1] * chroma


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """A hex colour; chroma is reduced until the colour exists in sRGB."""
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
