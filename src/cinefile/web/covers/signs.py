"""Motifs that show an idea as a sign would. Each fills a box of 200 x 190 units with SVG shapes."""
# ruff: noqa: E501 — the shapes read better as whole elements than broken at column 120

from math import cos, pi, sin
from random import Random

from cinefile.web.covers.palette import Palette


def horizon(r: Random, p: Palette) -> str:
    """A plane of lines under a striped sun: science fiction."""
    x, y = r.randint(70, 130), r.randint(104, 118)
    rays = "".join(f"M{x} {y}L{x + dx} 190" for dx in range(-400, 401, 50))
    levels = "".join(f"M0 {y + d}h200" for d in (0, 5, 13, 25, 42, 64))
    cuts = "".join(f'<path d="M0 {y - 4 - 12 * k}h200v{7 - 1.3 * k:.1f}H0z" fill="{p.ground}"/>' for k in range(4))
    return (
        f'<circle cx="{x}" cy="{y - 22}" r="58" fill="{p.a}"/>{cuts}<path d="M0 {y}h200v90H0z" fill="{p.c}"/>'
        f'<path d="{rays}{levels}" stroke="{p.d}" stroke-width="1.6" fill="none"/>'
    )


def signal(r: Random, p: Palette) -> str:
    """Waves from a far point reach a small craft: science fiction."""
    x, y = r.choice(((0, 0), (200, 0), (100, -20)))
    rings = "".join(
        f'<circle cx="{x}" cy="{y}" r="{q}" stroke="{(p.a, p.b, p.d)[k % 3]}" stroke-width="{13 - k * 1.3:.1f}"/>'
        for k, q in enumerate(range(30, 215, 24))
    )
    cx, cy = r.randint(86, 114), r.randint(112, 140)
    return (
        f'<g fill="none">{rings}</g><path d="M{cx} {cy - 34}q17 22 17 46l14 22H{cx - 31}l14-22q0-24 17-46z" fill="{p.ink}"/>'
        f'<circle cx="{cx}" cy="{cy + 4}" r="7" fill="{p.b}"/><path d="M{cx - 8} {cy + 38}h16l-8 26z" fill="{p.a}"/>'
    )


def monolith(r: Random, p: Palette) -> str:
    """A slab between two discs in line: science fiction."""
    x, w = r.randint(78, 122), r.choice((34, 42, 50))
    return (
        f'<circle cx="{x}" cy="150" r="86" fill="{p.b}"/><circle cx="{x}" cy="52" r="26" fill="{p.d}"/>'
        f'<circle cx="{x + 7}" cy="58" r="26" fill="{p.ground}" opacity=".55"/>'
        f'<path d="M{x - w / 2} 66h{w}v124h-{w}z" fill="{p.c}"/><path d="M{x + w / 2} 66l12 8v116h-12z" fill="{p.a}"/>'
    )


def target(r: Random, p: Palette) -> str:
    """A sight that has found something: thrillers and action."""
    x, y = r.randint(84, 116), r.randint(84, 106)
    rings = "".join(
        f'<circle cx="{x}" cy="{y}" r="{q}" fill="{tone}"/>'
        for q, tone in ((84, p.c), (66, p.b), (48, p.ground), (30, p.a))
    )
    return (
        f'{rings}<path d="M{x - 100} {y}h72M{x + 28} {y}h72M{x} {y - 100}v72M{x} {y + 28}v72" stroke="{p.ink}" stroke-width="3"/>'
        f'<circle cx="{x + r.randint(-9, 9)}" cy="{y + r.randint(-9, 9)}" r="7" fill="{p.ink}"/>'
    )


def speed(r: Random, p: Palette) -> str:
    """A disc so fast that it smears: action and sport."""
    y, out = r.randint(78, 112), []
    for k in range(-4, 5):
        long = r.randint(60, 190)
        out.append(
            f'<path d="M{170 - long} {y + 14 * k - 5}H150v10H{170 - long}a5 5 0 0 1 0-10z" fill="{(p.a, p.b, p.c)[k % 3]}"/>'
        )
    tilt = r.choice((-24, -12, 12, 24))
    return f'<g transform="rotate({tilt} 100 {y})">{"".join(out)}<circle cx="146" cy="{y}" r="50" fill="{p.d}"/><circle cx="146" cy="{y}" r="18" fill="{p.ground}"/></g>'


def fingerprint(r: Random, p: Palette) -> str:
    """The lines of a thumb: crime."""
    x, turn = r.randint(88, 112), r.randint(-24, 24)
    lines = "".join(
        f'<path d="M{x - q} {150 - q * 0.2:.0f}V96a{q} {q * 1.12:.0f} 0 0 1 {2 * q} 0v{r.randint(18, 66)}" stroke="{p.a if k % 3 else p.d}"/>'
        for k, q in enumerate(range(8, 84, 11))
    )
    return f'<path d="M0 0h200v190H0z" fill="{p.c}" opacity=".5"/><g fill="none" stroke-width="5.5" stroke-linecap="round" transform="rotate({turn} 100 95)">{lines}</g>'


def heart(r: Random, p: Palette) -> str:
    """Hearts within hearts: romances."""
    y, turn = r.randint(90, 104), r.randint(-14, 14)
    shape = "M0 62C-70 14-64-50-28-50-10-50 0-34 0-24 0-34 10-50 28-50 64-50 70 14 0 62z"
    hearts = "".join(
        f'<path d="{shape}" transform="scale({s})" fill="{tone}"/>'
        for s, tone in ((1.5, p.b), (1.12, p.a), (0.76, p.d), (0.4, p.ground))
    )
    return f'<g transform="translate(100 {y}) rotate({turn})">{hearts}</g>'


def petals(r: Random, p: Palette) -> str:
    """A flower that is opening: romances and dramas."""
    n, start, y = r.choice((7, 8, 10)), r.uniform(0, 1), r.randint(90, 102)
    rings = []
    for far, wide, tone in ((82, 25, p.b), (58, 20, p.a), (34, 14, p.d)):
        for k in range(n):
            turn = 360 * (k + start + (0.5 if tone == p.a else 0)) / n
            rings.append(
                f'<ellipse cx="{far * 0.62:.0f}" rx="{far * 0.42:.0f}" ry="{wide}" fill="{tone}" opacity=".88" transform="rotate({turn:.0f})"/>'
            )
    return f'<g transform="translate(100 {y})">{"".join(rings)}<circle r="13" fill="{p.c}"/></g>'


def confetti(r: Random, p: Palette) -> str:
    """Half discs and rods thrown up: comedies."""
    out = [f'<path d="M36 96a64 64 0 0 0 128 0z" fill="{p.a}"/><path d="M52 96a48 48 0 0 0 96 0z" fill="{p.ground}"/>']
    for k in range(17):
        x, y, turn = r.randint(8, 192), r.randint(8, 84) if k < 12 else r.randint(150, 186), r.randint(0, 179)
        tone = (p.b, p.d, p.c, p.a)[k % 4]
        shape = (
            '<path d="M-9 0a9 9 0 0 1 18 0z"/>',
            '<rect x="-3" y="-10" width="6" height="20" rx="3"/>',
            '<circle r="6"/>',
        )[k % 3]
        out.append(f'<g transform="translate({x} {y}) rotate({turn})" fill="{tone}">{shape}</g>')
    return "".join(out)


def equaliser(r: Random, p: Palette) -> str:
    """Bars of sound: music and musicals."""
    start, beat = r.uniform(0, 6), r.choice((0.55, 0.8, 1.1))
    bars = []
    for k in range(11):
        high = 26 + 62 * abs(sin(start + beat * k)) * (1 - abs(k - 5) / 9)
        bars.append(
            f'<rect x="{12 + 16.2 * k:.1f}" y="{96 - high:.0f}" width="11" height="{2 * high:.0f}" rx="5.5" fill="{(p.a, p.b, p.d)[k % 3]}"/>'
        )
    return "".join(bars)


def aperture(r: Random, p: Palette) -> str:
    """The blades of a lens: documentaries."""
    n, open_, y = 7, r.randint(20, 36), r.randint(90, 102)
    blades = []
    for k in range(n):
        a, b = 2 * pi * k / n, 2 * pi * (k + 1) / n
        far = a + 1.1
        blades.append(
            f'<path d="M{open_ * cos(a):.0f} {open_ * sin(a):.0f}L{open_ * cos(b):.0f} {open_ * sin(b):.0f}L{88 * cos(far + 0.9):.0f} {88 * sin(far + 0.9):.0f}L{88 * cos(far):.0f} {88 * sin(far):.0f}z" fill="{(p.a, p.b, p.c)[k % 3]}" stroke="{p.ground}" stroke-width="1.5"/>'
        )
    return f'<g transform="translate(100 {y})"><circle r="88" fill="{p.c}"/>{"".join(blades)}<circle r="88" fill="none" stroke="{p.d}" stroke-width="5"/></g>'


def flags(r: Random, p: Palette) -> str:
    """Pennants against smoke: war."""
    out = [f'<circle cx="{r.randint(60, 140)}" cy="84" r="56" fill="{p.b}"/>']
    for k, x in enumerate((34, 84, 134)):
        top, way = r.randint(16, 52), r.choice((-1, 1))
        wave = f"M{x} {top}q{18 * way} 10 {32 * way} 2t{26 * way} 4v34q{-14 * way} 6 {-28 * way} 0t{-30 * way} 0z"
        out.append(
            f'<path d="{wave}" fill="{(p.a, p.d, p.a)[k]}"/><path d="M{x - 2} {top - 8}h4V190h-4z" fill="{p.ink}"/>'
        )
    return "".join(out) + f'<path d="M0 190v-22l40-14 50 10 60-16 50 12v30z" fill="{p.c}"/>'
