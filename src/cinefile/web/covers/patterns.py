"""Motifs that show a movement or a mood by geometry alone. Each fills a box of 200 x 190 units with SVG shapes."""
# ruff: noqa: E501 — the shapes read better as whole elements than broken at column 120

from math import cos, pi, sin
from random import Random

from cinefile.web.covers.palette import Palette


def rays(r: Random, p: Palette) -> str:
    """Wedges bursting from one point: action."""
    x, y, n = r.randint(50, 150), r.randint(120, 176), r.choice((9, 11, 13))
    start, out = r.uniform(0, pi), []
    for i in range(n):
        a1, a2 = start + 2 * pi * i / n, start + 2 * pi * (i + 0.52) / n
        corners = " ".join(f"{x + 330 * cos(a):.0f},{y + 330 * sin(a):.0f}" for a in (a1, a2))
        out.append(f'<polygon points="{x},{y} {corners}" fill="{(p.a, p.b, p.c)[i % 3]}"/>')
    return (
        "".join(out)
        + f'<circle cx="{x}" cy="{y}" r="30" fill="{p.d}"/><circle cx="{x}" cy="{y}" r="14" fill="{p.ground}"/>'
    )


def blinds(r: Random, p: Palette) -> str:
    """Light through slats, on the diagonal: crime and film noir."""
    slope, light = r.choice((-34, 34, 52)), r.randint(70, 130)
    out = [f'<circle cx="{light}" cy="95" r="68" fill="{p.a}"/>']
    for i, y in enumerate(range(-50, 240, 23)):
        out.append(f'<path d="M0 {y}L200 {y + slope}v{11 + i % 3}L0 {y + 11 + i % 3}z" fill="{p.ground}"/>')
    out.append(f'<path d="M{light - 13} 190v-62q-9-8-9-22a22 24 0 0 1 44 0q0 14-9 22v62z" fill="{p.c}"/>')
    return (
        "".join(out)
        + f'<path d="M{light - 40} 92q40-16 80 0l-2 6q-38-10-76 0zM{light - 22} 88q2-28 22-27t22 27z" fill="{p.c}"/>'
    )


def spiral(r: Random, p: Palette) -> str:
    """A turning spiral: thrillers."""
    x, y, way = r.randint(80, 120), r.randint(84, 106), r.choice((-1, 1))
    arms = []
    for arm in range(3):
        turn = 2 * pi * arm / 3
        line = [(1.5 * 1.0355**k, turn + way * k * 0.155) for k in range(0, 132, 3)]
        path = "L".join(f"{x + q * cos(a):.0f} {y + q * sin(a):.0f}" for q, a in line)
        arms.append(f'<path d="M{path}" stroke="{(p.a, p.b, p.d)[arm]}" stroke-width="{(7, 5, 3)[arm]}"/>')
    return f'<g fill="none" stroke-linecap="round">{"".join(arms)}</g><circle cx="{x}" cy="{y}" r="6" fill="{p.ink}"/>'


def overlap(r: Random, p: Palette) -> str:
    """Two discs that meet: romances."""
    y, apart = r.randint(84, 104), r.randint(24, 38)
    lift, radius = r.randint(-16, 16), r.randint(54, 62)
    lens = f'<clipPath id="%ID%"><circle cx="{100 - apart}" cy="{y - lift}" r="{radius}"/></clipPath>'
    return (
        f'{lens}<circle cx="{100 - apart}" cy="{y - lift}" r="{radius}" fill="{p.a}"/>'
        f'<circle cx="{100 + apart}" cy="{y + lift}" r="{radius}" fill="{p.b}"/>'
        f'<circle cx="{100 + apart}" cy="{y + lift}" r="{radius}" fill="{p.d}" clip-path="url(#%ID%)"/>'
    )


def quarters(r: Random, p: Palette) -> str:
    """Quarter and half discs in a playful grid: comedies."""
    s, out = 50, []
    for i in range(4):
        for j in range(4):
            tone, x, y = r.choice((p.a, p.b, p.c, p.d, p.a)), i * s, j * s - 8
            kind = r.randint(0, 5)
            if kind < 4:
                out.append(
                    f'<path d="M0 0h{s}a{s} {s} 0 0 1-{s} {s}z" fill="{tone}" transform="translate({x} {y}) rotate({90 * kind} 25 25)"/>'
                )
            elif kind == 4:
                out.append(f'<circle cx="{x + 25}" cy="{y + 25}" r="18" fill="{tone}"/>')
            else:
                out.append(f'<path d="M{x} {y + 25}a25 25 0 0 0 50 0z" fill="{tone}"/>')
    return "".join(out)


def chevrons(r: Random, p: Palette) -> str:
    """Stacked chevrons and a low disc: war."""
    up = r.choice((True, False))
    out = [f'<circle cx="100" cy="{58 if up else 128}" r="34" fill="{p.a}"/>']
    for i in range(5):
        y = 62 + 27 * i if up else 128 - 27 * i
        tip = -36 if up else 36
        out.append(
            f'<path d="M-4 {y + 26}L100 {y + tip + 26}L204 {y + 26}v14L100 {y + tip + 40}L-4 {y + 40}z" fill="{(p.b, p.c)[i % 2]}"/>'
        )
    return "".join(out)


def grooves(r: Random, p: Palette) -> str:
    """A record and its light: music and musicals."""
    x, y = r.choice((40, 100, 160)), r.randint(92, 112)
    rings = "".join(f'<circle cx="{x}" cy="{y}" r="{q}"/>' for q in range(34, 92, 7))
    turn = r.randint(0, 60)
    shine = "".join(
        f'<path d="M{x} {y}L{x + 92} {y - 17}A92 92 0 0 1 {x + 92} {y + 17}z" transform="rotate({turn + t} {x} {y})"/>'
        for t in (0, 180)
    )
    return (
        f'<circle cx="{x}" cy="{y}" r="92" fill="{p.c}"/><g fill="{p.b}" opacity=".55">{shine}</g>'
        f'<g fill="none" stroke="{p.ground}" stroke-width="1.2" opacity=".6">{rings}</g>'
        f'<circle cx="{x}" cy="{y}" r="29" fill="{p.a}"/><circle cx="{x}" cy="{y}" r="29" fill="none" stroke="{p.d}" stroke-width="4"/>'
        f'<circle cx="{x}" cy="{y}" r="5" fill="{p.ground}"/>'
    )


def rainbow(r: Random, p: Palette) -> str:
    """Arcs and balls in plain shapes: animation and films for children."""
    x, out = r.choice((20, 100, 180)), []
    for i, tone in enumerate((p.a, p.b, p.d, p.c)):
        q = 128 - 29 * i
        out.append(f'<path d="M{x - q} 190a{q} {q} 0 0 1 {2 * q} 0z" fill="{tone}"/>')
    out.append(f'<path d="M{x - 12} 190a12 12 0 0 1 24 0z" fill="{p.ground}"/>')
    for _ in range(3):
        out.append(
            f'<circle cx="{r.randint(16, 184)}" cy="{r.randint(16, 52)}" r="{r.randint(6, 15)}" fill="{r.choice((p.a, p.b, p.d))}"/>'
        )
    return "".join(out)


def frames(r: Random, p: Palette) -> str:
    """A contact sheet with one frame picked: documentaries, news and shorts."""
    chosen, out = r.randint(0, 11), []
    for k in range(12):
        x, y = 14 + (k % 3) * 60, 12 + (k // 3) * 44
        fill = p.a if k == chosen else r.choice((p.b, p.c, p.c))
        out.append(f'<rect x="{x}" y="{y}" width="52" height="36" rx="2" fill="{fill}"/>')
        if k == chosen:
            out.append(f'<circle cx="{x + 26}" cy="{y + 18}" r="25" fill="none" stroke="{p.d}" stroke-width="3.5"/>')
    return "".join(out)


def arches(r: Random, p: Palette) -> str:
    """Arches within arches: history and lives."""
    n, out = r.choice((1, 2, 3)), []
    wide = 168 / n
    for k in range(n):
        x = 16 + wide * k + wide / 2
        for i, tone in enumerate((p.b, p.c, p.a, p.d)):
            q = (wide / 2 - 4) * (1 - 0.26 * i)
            top = 34 + 26 * i + (k % 2) * 14
            out.append(
                f'<path d="M{x - q:.0f} 190V{top + q:.0f}a{q:.0f} {q:.0f} 0 0 1 {2 * q:.0f} 0V190z" fill="{tone}"/>'
            )
    return "".join(out)


def lanes(r: Random, p: Palette) -> str:
    """Lanes of a track in a bend: sport."""
    x, y = r.choice(((0, 190), (200, 190), (0, 0), (200, 0)))
    out = [f'<circle cx="{x}" cy="{y}" r="{196 - 30 * i}" fill="{(p.b, p.c)[i % 2]}"/>' for i in range(6)]
    out += [
        f'<circle cx="{x}" cy="{y}" r="{196 - 30 * i}" fill="none" stroke="{p.ink}" stroke-width="1.5" opacity=".8"/>'
        for i in range(6)
    ]
    q, a = 196 - 30 * r.randint(0, 3) - 15, 0.7
    return "".join(out) + f'<circle cx="{abs(x - q * cos(a)):.0f}" cy="{abs(y - q * sin(a)):.0f}" r="12" fill="{p.a}"/>'


def eye(r: Random, p: Palette) -> str:
    """An eye that looks to the side: mysteries."""
    y, look = r.randint(86, 104), r.randint(-26, 26)
    lines = "".join(
        f'<path d="M{6 - 2 * i} {y}Q100 {y - 98 - 22 * i} {194 + 2 * i} {y}" stroke-width="{4 - i}"/>' for i in range(4)
    )
    return (
        f'<g fill="none" stroke="{p.c}">{lines}</g><path d="M8 {y}Q100 {y - 92} 192 {y}Q100 {y + 92} 8 {y}z" fill="{p.d}"/>'
        f'<circle cx="{100 + look}" cy="{y}" r="43" fill="{p.b}"/><circle cx="{100 + look}" cy="{y}" r="30" fill="{p.a}"/>'
        f'<circle cx="{100 + look}" cy="{y}" r="16" fill="{p.ground}"/><circle cx="{108 + look}" cy="{y - 10}" r="5" fill="{p.ink}"/>'
    )


def strip(r: Random, p: Palette) -> str:
    """A strip of film running across: no genre known."""
    turn = r.choice((-18, -9, 9, 18))
    cells = "".join(
        f'<rect x="{x}" y="62" width="52" height="66" rx="3" fill="{(p.a, p.b, p.d)[k % 3]}"/>'
        for k, x in enumerate(range(-56, 260, 60))
    )
    holes = "".join(f'<path d="M{x} 44h9v9h-9zM{x} 137h9v9h-9z"/>' for x in range(-56, 260, 20))
    return f'<g transform="rotate({turn} 100 95)"><path d="M-60 36h320v118H-60z" fill="{p.c}"/>{cells}<g fill="{p.ground}">{holes}</g></g>'
