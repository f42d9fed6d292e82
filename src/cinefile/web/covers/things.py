"""Motifs that show a thing: a house, a boat, a stair. Each fills a box of 200 x 190 units with SVG shapes."""
# ruff: noqa: E501 — the shapes read better as whole elements than broken at column 120

from math import cos, pi, sin
from random import Random

from cinefile.web.covers.palette import Palette


def house(r: Random, p: Palette) -> str:
    """A house on a hill under a large moon: horror."""
    x, lit = r.randint(78, 122), r.randint(0, 3)
    spots = ((-17, 112), (7, 112), (-17, 136), (7, 136))
    windows = "".join(
        f'<path d="M{x + dx} {y}h10v14h-10z" fill="{p.d if k == lit else p.ground}"/>'
        for k, (dx, y) in enumerate(spots)
    )
    side = r.choice((-1, 1))
    return (
        f'<circle cx="{x + 34 * side}" cy="84" r="62" fill="{p.a}"/>'
        f'<path d="M0 190V172Q{x} 138 200 172v18z" fill="{p.c}"/>'
        f'<path d="M{x - 28} 162V98h-6l20-30v-14h8v6l6-9 34 47h-6v64z" fill="{p.c}"/>'
        f'<path d="M{x + 30 * side - 8} 164V92l8-26 8 26v72z" fill="{p.c}"/>{windows}'
    )


def tree(r: Random, p: Palette) -> str:
    """A round tree with fruit, or its bare double: fantasies."""
    x, lean = r.randint(88, 112), r.randint(-10, 10)
    crowns = [(x + lean + 44 * cos(a) * 1.1, 78 + 30 * sin(a), r.randint(26, 36)) for a in (0.2, 1.5, 2.8, 4.0, 5.3)]
    leaves = "".join(
        f'<circle cx="{cx:.0f}" cy="{cy:.0f}" r="{q}" fill="{(p.b, p.c)[k % 2]}"/>'
        for k, (cx, cy, q) in enumerate(crowns)
    )
    fruit = "".join(
        f'<circle cx="{x + lean + r.randint(-62, 62)}" cy="{78 + r.randint(-36, 36)}" r="5" fill="{p.d}"/>'
        for _ in range(8)
    )
    return (
        f'<circle cx="{x + lean}" cy="78" r="86" fill="{p.a}" opacity=".35"/>{leaves}'
        f'<path d="M{x - 12} 190q9-40 {6 + lean} -92h12q-6 52 10 92z" fill="{p.a}"/>{fruit}<path d="M0 180q100-14 200 0v10H0z" fill="{p.c}"/>'
    )


def boat(r: Random, p: Palette) -> str:
    """A small sail between a low sun and long waves: adventures."""
    x, sun = r.randint(70, 130), r.randint(60, 140)
    waves = "".join(
        f'<path d="M-20 {y}q15-10 30 0t30 0 30 0 30 0 30 0 30 0 30 0 30 0V200H-20z" fill="{tone}" transform="translate({-r.randint(0, 20)} 0)"/>'
        for y, tone in ((128, p.b), (150, p.c), (172, p.b))
    )
    return (
        f'<circle cx="{sun}" cy="118" r="52" fill="{p.a}"/>'
        f'<path d="M{x} 40v78h46q-6-50-46-78zM{x - 6} 56v62h-34q4-38 34-62z" fill="{p.d}"/>'
        f'<path d="M{x - 46} 122h98q-10 22-26 24h-48q-16-4-24-24z" fill="{p.ink}"/>{waves}'
    )


def stairs(r: Random, p: Palette) -> str:
    """A stair with somebody small on it: dramas."""
    steps, up = 7, r.random() < 0.5
    wide, high = 200 / steps, 19
    shape = "".join(f"V{186 - high * (k + 1)}H{wide * (k + 1):.1f}" for k in range(steps))
    at = r.randint(2, steps - 2)
    x, y = wide * (at + 0.5), 186 - high * (at + 1)
    figure = f'<circle cx="{x:.0f}" cy="{y - 30}" r="5" fill="{p.ink}"/><path d="M{x - 5:.0f} {y}v-16q5-12 10 0v16z" fill="{p.ink}"/>'
    turned = "" if up else ' transform="matrix(-1 0 0 1 200 0)"'
    return (
        f'<g{turned}><path d="M0 0h200v190z" fill="{p.b}" opacity=".55"/><circle cx="52" cy="56" r="28" fill="{p.a}"/>'
        f'<path d="M0 190{shape}V190z" fill="{p.c}"/>{figure}</g>'
    )


def window(r: Random, p: Palette) -> str:
    """Light that falls through a window: dramas and mysteries."""
    x, slant = r.randint(26, 66), r.choice((26, 40, 54))
    pane = "".join(
        f'<path d="M{x + dx} {y}h30v40h-30z" fill="{tone}"/>'
        for dx, y, tone in ((0, 20, p.a), (36, 20, p.d), (0, 66, p.d), (36, 66, p.a))
    )
    fall = "".join(
        f'<path d="M{x + dx + slant} {y}h34l{slant // 3} 26h-38z" fill="{p.a}" opacity=".8"/>'
        for dx, y in ((0, 130), (42, 130), (8 + slant // 5, 161), (54 + slant // 5, 161))
    )
    return f'<path d="M0 0h200v118H0z" fill="{p.c}"/><path d="M0 118h200v72H0z" fill="{p.b}"/>{pane}{fall}'


def lamp(r: Random, p: Palette) -> str:
    """A street lamp, its cone of light and a shadow: crime and film noir."""
    x, long = r.randint(60, 140), r.choice((-1, 1))
    return (
        f'<path d="M0 0h200v150H0z" fill="{p.c}"/><path d="M{x} 34L{x - 66} 158h132z" fill="{p.a}" opacity=".85"/>'
        f'<ellipse cx="{x}" cy="158" rx="66" ry="13" fill="{p.d}"/>'
        f'<path d="M{x - 4} 158v-34q-7-3-7-12a11 11 0 0 1 22 0q0 9-7 12v34z" fill="{p.ground}"/>'
        f'<path d="M{x - 18} 108q18-7 36 0v4q-18-5-36 0zM{x - 10} 105q1-13 10-13t10 13z" fill="{p.ground}"/>'
        f'<path d="M{x - 4} 158h9l{70 * long} 26h-16z" fill="{p.ground}" opacity=".7"/><path d="M{x - 12} 34h24l-5-11h-14z" fill="{p.ink}"/>'
    )


def keyhole(r: Random, p: Palette) -> str:
    """A keyhole with light behind it: mysteries and thrillers."""
    y = r.randint(70, 82)
    rings = "".join(
        f'<circle cx="100" cy="{y + 12}" r="{q}" fill="{tone}"/>' for q, tone in ((128, p.c), (98, p.b), (68, p.a))
    )
    return (
        f'{rings}<path d="M100 {y - 34}a30 30 0 0 1 17 55l14 62H69l14-62a30 30 0 0 1 17-55z" fill="{p.ground}"/>'
        f'<circle cx="{100 + r.randint(-7, 7)}" cy="{y - 4}" r="8" fill="{p.d}"/>'
    )


def balloons(r: Random, p: Palette) -> str:
    """Balloons on their strings: animation and films for families."""
    out = []
    foot = r.randint(84, 116)
    for k in range(7):
        a = pi * (0.14 + 0.72 * k / 6)
        far = r.randint(92, 136)
        x, y, q = foot - far * cos(a) * 0.8, 190 - far * sin(a), r.randint(19, 27)
        out.append(
            f'<path d="M{x:.0f} {y + q:.0f}Q{x:.0f} 160 {foot} 200" fill="none" stroke="{p.ink}" stroke-width="1.2" opacity=".7"/>'
            f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{q * 0.88:.0f}" ry="{q}" fill="{(p.a, p.b, p.d, p.c)[k % 4]}"/>'
            f'<path d="M{x - q * 0.4:.0f} {y - q * 0.3:.0f}q{q * 0.1:.0f} {-q * 0.4:.0f} {q * 0.4:.0f} {-q * 0.45:.0f}" fill="none" stroke="{p.ink}" stroke-width="2" opacity=".5"/>'
        )
    return "".join(out)


def columns(r: Random, p: Palette) -> str:
    """Columns under a pediment, one of them broken: history."""
    n = r.choice((4, 5))
    gap, broken = 168 / n, r.randint(0, n - 1)
    shafts = "".join(
        f'<path d="M{16 + gap * k + gap * 0.2:.0f} {112 if k == broken else 66}h{gap * 0.6:.0f}V172h-{gap * 0.6:.0f}z" fill="{p.a if k % 2 else p.d}"/>'
        for k in range(n)
    )
    return (
        f'<circle cx="{r.randint(60, 140)}" cy="104" r="64" fill="{p.b}"/><path d="M8 58L100 14l92 44v8H8z" fill="{p.c}"/>{shafts}'
        f'<path d="M4 172h192v18H4z" fill="{p.c}"/>'
    )


def cactus(r: Random, p: Palette) -> str:
    """A cactus before a striped sun: westerns."""
    x, flip = r.randint(74, 126), r.choice((-1, 1))
    stripes = "".join(f'<path d="M0 {y}h200v{h}H0z" fill="{p.ground}"/>' for y, h in ((96, 4), (112, 6), (128, 8)))
    return (
        f'<circle cx="{200 - x}" cy="96" r="70" fill="{p.a}"/>{stripes}<path d="M0 158q60-16 110-4t90-6v42H0z" fill="{p.b}"/>'
        f'<g transform="translate({x} 0) scale({flip} 1)" fill="none" stroke="{p.c}" stroke-linecap="round">'
        '<path d="M0 176V56" stroke-width="21"/><path d="M0 128h-28V92M0 112h29V74" stroke-width="14" stroke-linejoin="round"/></g>'
        f'<path d="M0 176h200v14H0z" fill="{p.c}"/>'
    )
