"""Generated covers: every film has one, drawn from its title, year and genres, always the same for the same film.

There are no posters to ship or fetch, so the cover carries what a poster says at a glance: what kind of film, and from
when. The main genre chooses motifs and hue, the decade chooses lightness, chroma and lettering, the second genre the
second hue, and the film's id whatever is left to chance.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from random import Random

from cinefile.web.covers import patterns, scenes, signs, things
from cinefile.web.covers.lettering import set_title
from cinefile.web.covers.palette import HUES, Era, Palette, era_of, palette

Motif = Callable[[Random, Palette], str]
# Several motifs a genre: a shelf of science fiction must not be a shelf of planets.
_MOTIFS: dict[str, tuple[Motif, ...]] = {
    "action": (patterns.rays, signs.speed, signs.target),
    "adventure": (scenes.peaks, things.boat),
    "animation": (patterns.rainbow, things.balloons, patterns.quarters),
    "biography": (patterns.arches, things.stairs),
    "children": (things.balloons, patterns.rainbow),
    "comedy": (patterns.quarters, signs.confetti),
    "crime": (scenes.streets, signs.fingerprint, things.lamp),
    "documentary": (patterns.frames, signs.aperture),
    "drama": (scenes.swell, things.stairs, things.window, signs.petals),
    "family": (patterns.rainbow, things.balloons),
    "fantasy": (scenes.towers, things.tree),
    "film-noir": (patterns.blinds, things.lamp),
    "history": (patterns.arches, things.columns),
    "horror": (scenes.drips, things.house),
    "music": (patterns.grooves, signs.equaliser),
    "musical": (signs.equaliser, patterns.grooves),
    "mystery": (patterns.eye, things.keyhole, things.window),
    "news": (patterns.frames,),
    "romance": (patterns.overlap, signs.heart, signs.petals),
    "sci-fi": (scenes.orbits, signs.horizon, signs.signal, signs.monolith),
    "short": (patterns.frames,),
    "sport": (patterns.lanes, signs.speed),
    "thriller": (patterns.spiral, signs.target, things.keyhole),
    "war": (patterns.chevrons, signs.flags),
    "western": (scenes.mesas, things.cactus),
}
# The rarer a genre, the more it says about a film: "Comedy, Drama, Western" is a western.
_TELLING = (
    "western", "film-noir", "horror", "sci-fi", "war", "documentary", "musical", "animation", "sport", "fantasy",
    "music", "mystery", "history", "biography", "romance", "crime", "adventure", "thriller", "action", "children",
    "family", "comedy", "drama",
)  # fmt: skip
_SMALL = 'font-family="Helvetica Neue,Arial,sans-serif" font-weight="700" font-size="9.5" letter-spacing="1.2"'
_SAME = {"science fiction": "sci-fi", "kids": "children", "noir": "film-noir", "suspense": "thriller", "imax": ""}


def telling(genres: Sequence[str]) -> list[str]:
    """Keys of the genres that have a motif, the most telling first."""
    keys = {_SAME.get(g.casefold(), g.casefold()) for g in genres}
    return sorted(keys & HUES.keys(), key=lambda g: _TELLING.index(g) if g in _TELLING else len(_TELLING))


@lru_cache(maxsize=4096)
def cover_svg(film_id: int, title: str, year: int | None, genres: tuple[str, ...], label: str = "") -> str:
    """The cover as an SVG element of 200 x 300 units, without style attributes, so that any policy lets it through.

    Args:
        film_id: seeds what is left to chance.
        title: shown; escaped here.
        year: shown, and decides the era.
        genres: names of genres, in any case and order.
        label: what a screen reader says; without it the cover is decoration.
    """
    chance = Random(film_id * 7919 + 17)
    keys = telling(genres)
    era = era_of(year)
    colours = palette(keys, year, chance.uniform(-1, 1))
    # One film in three shows its second genre.
    shown = keys[1] if len(keys) > 1 and chance.random() < 0.34 else next(iter(keys), "")
    draw = chance.choice(_MOTIFS.get(shown, (patterns.strip,)))
    on_top = chance.random() < 0.3
    art = draw(chance, colours).replace("%ID%", f"lens-{film_id}")
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="cover" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 300" {role}>'
        f'<path fill="{colours.ground}" d="M0 0h200v300H0z"/>'
        f'<svg y="{110 if on_top else 0}" width="200" height="190">{art}</svg>'
        f"{_frame(era, colours, on_top)}{_text(title, year, era, colours, on_top)}</svg>"
    )


def backdrop_svg(film_id: int, year: int | None, genres: Sequence[str]) -> str:
    """Two soft lights in the cover's colours, to stand blurred behind the head of the film's page."""
    colours = palette(telling(genres), year, Random(film_id * 7919 + 17).uniform(-1, 1))
    lights = f'<circle cx="22" cy="14" r="22" fill="{colours.a}"/><circle cx="70" cy="6" r="18" fill="{colours.b}"/>'
    return f'<svg class="backdrop" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">{lights}</svg>'


def _frame(era: Era, p: Palette, on_top: bool) -> str:
    """What printers of the time put around or between picture and text."""
    edge = 110 if on_top else 190
    if era.name in ("silent", "deco"):
        return (
            f'<path d="M6 6h188v288H6zM10 10h180v280H10z" fill="none" stroke="{p.ink}" stroke-width="1" opacity=".55"/>'
        )
    if era.name == "warm":
        bands = zip((p.a, p.b, p.c), (0, 4, 8), strict=True)
        return "".join(
            f'<path d="M0 {edge + (-12 if on_top else 0) + y}h200v4H0z" fill="{tone}"/>' for tone, y in bands
        )
    if era.name == "neon":
        return f'<path d="M0 {edge - 1}h200v2H0z" fill="{p.a}"/>'
    return ""


def _text(title: str, year: int | None, era: Era, p: Palette, on_top: bool) -> str:
    """Title and year in the zone that the motif leaves free."""
    framed = era.name in ("silent", "deco")
    left, top = (18, 20) if framed else (14, 16)
    height = 60 if framed else 66
    if not on_top:
        top = 208 if era.name == "warm" else 202
    set_ = set_title(title, era.face, 200 - 2 * left, height)
    first = top + set_.size * 0.78
    lines = "".join(
        f'<tspan x="{left}" y="{first + set_.leading * i:.1f}">{escape(line)}</tspan>'
        for i, line in enumerate(set_.lines)
    )
    note = 284 if framed else 288
    if on_top:
        note = 100 if era.name != "warm" else 92
    foot = "" if year is None else f'<text {_SMALL} x="{left}" y="{note}" fill="{p.ink}">{year}</text>'
    return f'<text {set_.attributes} font-size="{set_.size}" fill="{p.ink}">{lines}</text>{foot}'
