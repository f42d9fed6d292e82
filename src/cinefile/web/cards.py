"""Model cards as HTML, and the figures they publish with their commands."""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cinefile.library import Library

_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_LIST = re.compile(r"^\s*[-*]\s+(.*)$")
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
)


@dataclass(frozen=True)
class Card:
    """A model's card."""

    name: str
    html: Markup


@dataclass(frozen=True)
class Figure:
    """A published figure and the command that gives it."""

    name: str
    value: str
    command: str


def folders(library: Library) -> list[Path]:
    """Model folders that go with a library: what ships with cinefile, and what was trained for the catalogue."""
    starter = Path(__file__).resolve().parents[1] / "starter"
    near = [library.path.with_suffix(f".{kind}") for kind in ("taste", "similar", "genres")]
    found = {card.parent for root in (starter, *near) if root.is_dir() for card in root.rglob("CARD.md")}
    return sorted(found)


def cards(library: Library) -> list[Card]:
    """Their cards, where they have one."""
    return [Card(f.name, markdown((f / "CARD.md").read_text(encoding="utf-8"))) for f in folders(library)]


def figures(library: Library) -> list[Figure]:
    """Figures that the models publish in `figures.json`: a list of {"name", "value", "command"}."""
    found = []
    for folder in folders(library):
        path = folder / "figures.json"
        if path.is_file():
            rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            found += [Figure(str(r["name"]), str(r["value"]), str(r["command"])) for r in rows]
    return found


def markdown(text: str) -> Markup:
    """The part of Markdown that cards use: headings, lists, tables, code, bold; everything is escaped first."""
    out: list[str] = []
    lines = html.escape(text, quote=False).splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith("```")), len(lines))
            out.append("<pre><code>" + "\n".join(lines[at + 1 : end]) + "</code></pre>")
            at = end + 1
        elif heading := _HEADING.match(line):
            level = min(6, len(heading[1]) + 2)
            out.append(f"<h{level}>{_inline(heading[2])}</h{level}>")
            at += 1
        elif _LIST.match(line):
            at, items = _take(lines, at, _LIST.match)
            out.append("<ul>" + "".join(f"<li>{_inline(m[1])}</li>" for i in items if (m := _LIST.match(i))) + "</ul>")
        elif line.startswith("|"):
            at, rows = _take(lines, at, lambda row: row.startswith("|"))
            out.append(_table(rows))
        elif line.strip():
            at, rows = _take(lines, at, lambda row: row.strip() and not row.startswith(("#", "|", "```", "- ")))
            out.append(f"<p>{_inline(' '.join(rows))}</p>")
        else:
            at += 1
    return Markup("\n".join(out))


def _take(lines: list[str], at: int, fits: Any) -> tuple[int, list[str]]:
    end = at + 1
    while end < len(lines) and fits(lines[end]):
        end += 1
    return end, lines[at:end]


def _table(rows: list[str]) -> str:
    cells = [[_inline(c.strip()) for c in row.strip().strip("|").split("|")] for row in rows]
    cells = [row for row in cells if not all(set(c) <= set("-: ") for c in row)]
    head = "".join(f'<th scope="col">{c}</th>' for c in cells[0])
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in cells[1:])
    return f'<div class="table-box"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _inline(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return text
