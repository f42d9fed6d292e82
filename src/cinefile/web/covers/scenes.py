"""Motifs that show a place: horizons, mountains, skies, cities. Each fills a box of 200 x 190 units with SVG shapes."""
# ruff: noqa: E501 — the shapes read better as whole elements than broken at column 120

from math import sin
from random import Random

from cinefile.web.covers.palette import Palette

W, H = 200, 190


def _points(pairs: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in pairs)


def mesas(r: Random, p: Palette) -> str:
    """A low sun over flat-topped rocks: westerns."""
    x, radius = r.randint(55, 145), r.randint(38, 54)
    out = [f'<circle cx="{x}" cy="104" r="{radius}" fill="{p.a}"/>']
    out += [
        f'<path d="M{x - radius} {y}h{2 * radius}" stroke="{p.ground}" stroke-width="{w}"/>'
        for y, w in ((98, 2), (110, 3.5))
    ]
    for base, tone in ((128, p.b), (152, p.c)):
        left, pairs = -10.0, [(-10.0, 190.0)]
        while left < 210:
            wide, top = r.randint(28, 60), base - r.randint(0, 34)
            pairs += [(left, base), (left + 7, top), (left + wide, top), (left + wide + 8, base)]
            left += wide + 8 + r.randint(8, 30)
        out.append(f'<polygon points="{_points([*pairs, (220, 190)])}" fill="{tone}"/>')
    return "".join(out) + f'<path d="M0 176h200v14H0z" fill="{p.d}"/>'


def peaks(r: Random, p: Palette) -> str:
    """Mountain ranges one behind the other under a disc: adventures."""
    out = [f'<circle cx="{r.randint(40, 160)}" cy="{r.randint(38, 62)}" r="{r.randint(18, 27)}" fill="{p.d}"/>']
    for base, tone in ((78, p.a), (112, p.b), (150, p.c)):
        pairs, x = [(-20.0, 190.0), (-20.0, base + 20.0)], -20.0
        while x < 210:
            x += r.randint(22, 44)
            pairs.append((x, base - r.randint(10, 42)))
            x += r.randint(22, 40)
            pairs.append((x, base + r.randint(2, 26)))
        out.append(f'<polygon points="{_points([*pairs, (240, 190)])}" fill="{tone}"/>')
    return "".join(out)


def orbits(r: Random, p: Palette) -> str:
    """A planet, its rings and far stars: science fiction."""
    x, y, radius = r.randint(70, 130), r.randint(84, 108), r.randint(34, 46)
    stars = "".join(
        f'<circle cx="{r.randint(6, 194)}" cy="{r.randint(6, 184)}" r="{r.choice((0.8, 1.2, 1.9))}"/>'
        for _ in range(26)
    )
    rings = "".join(
        f'<ellipse rx="{radius + 16 + 15 * i}" ry="{(radius + 16 + 15 * i) * 0.36:.0f}" stroke-width="{3.4 - i * 0.8}"/>'
        for i in range(4)
    )
    turn = r.randint(-32, 32)
    return (
        f'<g fill="{p.ink}" opacity=".75">{stars}</g>'
        f'<g transform="translate({x} {y}) rotate({turn})"><g fill="none" stroke="{p.a}">{rings}</g>'
        f'<circle r="{radius}" fill="{p.b}"/><path d="M{-radius} 0a{radius} {radius} 0 0 0 {2 * radius} 0z" fill="{p.c}"/>'
        f'<path d="M{-radius - 16} 0a{radius + 16} {(radius + 16) * 0.36:.0f} 0 0 0 {2 * radius + 32} 0" fill="none" '
        f'stroke="{p.a}" stroke-width="3.4"/></g>'
    )


def towers(r: Random, p: Palette) -> str:
    """A crescent over spires and hills: fantasies."""
    x, y = r.randint(50, 150), r.randint(44, 60)
    out = [
        f'<circle cx="{x}" cy="{y}" r="31" fill="{p.a}"/><circle cx="{x + 13}" cy="{y - 8}" r="26" fill="{p.ground}"/>'
    ]
    for _ in range(9):
        sx, sy, s = r.randint(8, 192), r.randint(8, 96), r.choice((2.5, 3.5, 5))
        out.append(f'<path d="M{sx} {sy - s}l{s * 0.3:.1f} {s * 0.7:.1f} {s * 0.7:.1f} {s * 0.3:.1f} {-s * 0.7:.1f} {s * 0.3:.1f} '
                   f'{-s * 0.3:.1f} {s * 0.7:.1f} {-s * 0.3:.1f} {-s * 0.7:.1f} {-s * 0.7:.1f} {-s * 0.3:.1f} {s * 0.7:.1f} {-s * 0.3:.1f}z" fill="{p.d}"/>')  # fmt: skip
    left = r.randint(24, 50)
    for tone in (p.b, p.c, p.b):
        wide, top = r.randint(22, 32), r.randint(86, 122)
        out.append(f'<path d="M{left} 190V{top}l{wide / 2} {-r.randint(26, 42)} {wide / 2} 42V190z" fill="{tone}"/>')
        left += wide + r.randint(6, 20)
    return "".join(out) + f'<path d="M0 190V164q50-26 100-8t100-12v46z" fill="{p.c}"/>'


def streets(r: Random, p: Palette) -> str:
    """Roofs and lit windows: crime and everyday drama of cities."""
    out, left = [f'<circle cx="{r.randint(30, 170)}" cy="46" r="25" fill="{p.d}"/>'], -6
    while left < 200:
        wide, top = r.randint(24, 42), r.randint(52, 128)
        tone = r.choice((p.b, p.c))
        out.append(f'<path d="M{left} {top}h{wide}v{190 - top}h{-wide}z" fill="{tone}"/>')
        lit = [
            (x, y) for x in range(left + 6, left + wide - 7, 9) for y in range(top + 9, 182, 13) if r.random() < 0.34
        ]
        out.append("".join(f'<path d="M{x} {y}h4v6h-4z" fill="{p.a}"/>' for x, y in lit))
        left += wide + r.choice((0, 0, 4))
    return "".join(out)


def swell(r: Random, p: Palette) -> str:
    """Long waves, like a curtain lying down: dramas."""
    turn, out = r.uniform(0, 6.28), []
    step = r.choice((0.021, 0.028, 0.035))
    for i, tone in enumerate((p.d, p.a, p.b, p.c, p.b)):
        base, rise = 52 + 29 * i, 21 - 2 * i
        ys = [base + rise * sin(step * x + turn + i * 1.1) for x in range(0, 201, 20)]
        line = "".join(f"L{20 * k} {y:.0f}" for k, y in enumerate(ys))
        out.append(f'<path d="M0 190{line}V190z" fill="{tone}" opacity="{(0.75, 0.9, 1, 1, 0.55)[i]}"/>')
    return "".join(out)


def drips(r: Random, p: Palette) -> str:
    """A pale disc behind something that runs down: horror."""
    out = [f'<circle cx="{r.randint(70, 130)}" cy="{r.randint(92, 118)}" r="{r.randint(46, 58)}" fill="{p.d}"/>']
    x = -4
    while x < 200:
        wide = r.randint(11, 22)
        fall = r.choice((r.randint(28, 62), r.randint(62, 150)))
        out.append(
            f'<path d="M{x} -2h{wide + 1}v{fall}a{wide / 2} {wide / 2} 0 0 1 {-wide} 0z" fill="{p.a if wide % 3 else p.b}"/>'
        )
        x += wide
    return "".join(out)
