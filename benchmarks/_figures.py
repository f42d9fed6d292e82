"""Writes the figures of benchmarks/results into README and docs, or says which of them are stale.

    python -m benchmarks._figures            # lists what is stale; the exit code counts it
    python -m benchmarks._figures --write    # writes it: `make figures`

A page holds `<!-- table: NAME -->` … `<!-- /table -->`, and everything between is written from the declaration of that
name in benchmarks/_tables.py. In running text a figure is followed by its source: `9,742<!-- = shipped / films -->`.

A source is `FILE / KEY / KEY`: a results file and the way into it. In a list of records a key is the first cell of a
row, or `column=value` (several: `column=a|b`), and a column of several rows is their sum. `A ÷ B` is a ratio.
"""

import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks._tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
_TABLE = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- /table -->)", re.DOTALL)
_FIGURE = re.compile(r"(\d[\d,]*(?:\.(\d+))?)(<!-- = (.+?) -->)")
_PLACE = re.compile(r"\{([^{}:]+):([^{}]*)\}")


def pages(root: Path = ROOT) -> list[Path]:
    """README and the pages of the documentation."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def written(text: str, results: Path = RESULTS, tables: Mapping[str, list[str]] = TABLES) -> str:
    """Return a page's text with its figures as the results have them.

    Raises:
        KeyError: a table has no declaration, or a source is not in the results.
    """

    def figure(match: re.Match[str]) -> str:
        places = len(match[2] or "")
        return f"{value_of(match[4], results):,.{places}f}{match[3]}"

    def table(match: re.Match[str]) -> str:
        return f"{match[1]}\n{rendered(tables[match[2]], results)}\n\n{match[3]}"

    return _FIGURE.sub(figure, _TABLE.sub(table, text))


def rendered(lines: list[str], results: Path = RESULTS) -> str:
    """A declaration as Markdown. Below a table whose rows do not name their commands stand those that give it."""
    text = "\n".join([lines[0], re.sub(r"[^|]+", "---", lines[0]), *map(_in_full, lines[1:])])
    files = dict.fromkeys(part.split(" / ")[0] for m in _PLACE.finditer(text) for part in m[1].split(" ÷ "))
    if "{@" not in text and files:
        text += f"\n\nMeasured by {', '.join(f'{{@{file}}}' for file in files)}."
    text = re.sub(r"\{@([^{}]+)\}", lambda m: f"`{command_of(m[1], results)}`", text)
    return _PLACE.sub(lambda m: format(value_of(m[1], results), m[2]), text)


def _in_full(line: str) -> str:
    """A line whose sources are all written out: `… / KEY` is the source before it with another last key."""
    before: list[str] = []

    def full(match: re.Match[str]) -> str:
        nonlocal before
        keys = match[1].split(" / ")
        before = before[: 1 - len(keys)] + keys[1:] if keys[0] == "…" else keys
        return f"{{{' / '.join(before)}:{match[2]}}}"

    return _PLACE.sub(full, line)


def command_of(file: str, results: Path = RESULTS) -> str:
    """The command that measures a results file; rows of a protocol may come from several runs of one command."""
    document = _document(results / f"{file}.json")
    return f"cinefile evaluate {document['protocol']}" if "protocol" in document else str(document["command"])


def value_of(source: str, results: Path = RESULTS) -> float:
    """The figure that a source names.

    Raises:
        KeyError: it is not there.
    """
    over, _, under = source.partition(" ÷ ")
    return _value(over, results) / (_value(under, results) if under else 1)


def _value(source: str, results: Path) -> float:
    name, *keys = source.split(" / ")
    value: Any = _document(results / f"{name}.json")
    for key in keys:
        value = _step(value, key, source)
    if isinstance(value, list):
        value = sum(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise KeyError(f"{source} is no number but {str(value)[:60]}")
    return float(value)


def _step(value: Any, key: str, source: str) -> Any:
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        return value[int(key)]
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        column, equals, wanted = key.partition("=")
        if equals:
            return [row for row in value if str(row[column]) in wanted.split("|")]
        named = [row for row in value if next(iter(row.values())) == key]
        return named[0] if named else [row[key] for row in value]
    if isinstance(value, Mapping) and key in value:
        return value[key]
    # A row of a protocol's table is named without saying "models".
    if isinstance(value, Mapping) and isinstance(value.get("models"), list):
        return _step(value["models"], key, source)
    raise KeyError(f"{source}: there is no {key!r}" + (f" among {', '.join(value)}" if isinstance(value, dict) else ""))


@cache
def _document(file: Path) -> Any:
    if not file.is_file():
        raise KeyError(f"there is no results file {file.name}")
    return json.loads(file.read_text(encoding="utf-8"))


def stale(root: Path = ROOT, results: Path = RESULTS, tables: Mapping[str, list[str]] = TABLES) -> list[str]:
    """What the pages print that the results do not say, with the command that puts it right."""
    found = []
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        fresh = written(text, results, tables)
        changed = [line for line in fresh.splitlines() if line not in text.splitlines()]
        if fresh != text:
            first = changed[0] if changed else "lines that are there no longer"
            found.append(f"{page.relative_to(root)} is stale, run `make figures`: {len(changed)} lines change: {first}")
    return found


def main() -> int:
    """Compare, or write with --write; returns the number of stale pages."""
    if "--write" in sys.argv[1:]:
        for page in pages():
            text = page.read_text(encoding="utf-8")
            if (fresh := written(text)) != text:
                page.write_text(fresh, encoding="utf-8")
    problems = stale()
    print("\n".join(problems) or "The printed figures are those of benchmarks/results.")
    return len(problems)


if __name__ == "__main__":
    sys.exit(main())
