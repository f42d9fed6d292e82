"""Compares the figures printed in README and docs with benchmarks/results, as docs/figures.toml lays it down.

    python -m benchmarks._figures            # lists every difference; the exit code counts them
    python -m benchmarks._figures --write    # puts the results' figures into the texts

An entry is a piece of text with `{}` for each figure and `…` for anything else on the line, and where each figure
comes from: `FILE / KEY / KEY`. In a list of records a key is the first cell of a row, or `column=value` (several:
`column=a|b`), and a column of several rows is their sum. `A ÷ B` is a ratio. A figure with % after it is a hundredfold.
"""

import difflib
import math
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks._lookup import value_of

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = "docs/figures.toml"
_NUMBER = r"-?\d[\d,]*(?:\.\d+)?"


@dataclass(frozen=True)
class Figure:
    """A figure that a text prints, and what the results say.

    Attributes:
        file: the text's path from the repository's root.
        start: where in the text its digits begin.
        end: where they end.
        printed: the digits.
        source: where it comes from.
        value: what is there.
    """

    file: str
    start: int
    end: int
    printed: str
    source: str
    value: float

    def wanted(self) -> str:
        """The result with as many decimals as are printed."""
        places = len(self.printed.partition(".")[2])
        return f"{self.value:,.{places}f}" if "," in self.printed or self.value < 1000 else f"{self.value:.{places}f}"

    def agrees(self) -> bool:
        """Whether the printed figure is the result, rounded."""
        places = len(self.printed.partition(".")[2])
        return abs(float(self.printed.replace(",", "")) - self.value) <= 0.5000001 * math.pow(10, -places)


class Texts:
    """The texts that docs/figures.toml names, their figures, and what is wrong with them."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        entries = tomllib.loads((root / ENTRIES).read_text(encoding="utf-8"))
        self._complete: list[str] = entries.pop("complete", [])
        self.texts = {file: (root / file).read_text(encoding="utf-8") for file in entries}
        self.figures: list[Figure] = []
        self.problems: list[str] = []
        self._covered: dict[str, list[tuple[int, int]]] = {file: [] for file in entries}
        for file, patterns in entries.items():
            for pattern, sources in patterns.items():
                self._find(file, pattern, [sources] if isinstance(sources, str) else sources)
        for figure in self.figures:
            if not figure.agrees():
                self.problems.append(
                    f"{self._at(figure.file, figure.start)}: prints {figure.printed}, but {figure.source} is "
                    f"{figure.value:.6g}: write {figure.wanted()} (`make figures` does)."
                )
        for section in self._complete:
            self.problems += self._uncovered(*section.split("#"))

    def write(self) -> list[str]:
        """Put the results' figures into the texts; returns what was changed."""
        changed = [f for f in self.figures if not f.agrees()]
        for figure in sorted(changed, key=lambda f: -f.start):
            text = self.texts[figure.file]
            self.texts[figure.file] = text[: figure.start] + figure.wanted() + text[figure.end :]
        for file in {figure.file for figure in changed}:
            (self._root / file).write_text(self.texts[file], encoding="utf-8")
        return [f"{f.file}: {f.printed} → {f.wanted()} ({f.source})" for f in changed]

    def _find(self, file: str, pattern: str, sources: list[str]) -> None:
        text = self.texts[file]
        found = list(re.finditer(_expression(pattern), text))
        if len(found) != 1 or pattern.count("{}") != len(sources):
            near = difflib.get_close_matches(pattern, [line[: 2 * len(pattern)] for line in text.splitlines()], 1, 0.3)
            self.problems.append(
                f"{ENTRIES}: {pattern!r} under [{file!r}] stands {len(found)} times in the text and names "
                f"{pattern.count('{}')} figures for {len(sources)} sources: change the entry so that it fits once. "
                + (f"Nearest line: {near[0]!r}." if near else "No line is like it.")
            )
            return
        match = found[0]
        for number, source in enumerate(sources):
            start, end = match.span(f"figure{number}")
            try:
                value = value_of(source, self._root / "benchmarks" / "results")
            except (KeyError, OSError) as error:
                self.problems.append(
                    f"{ENTRIES}: {source!r} (for {pattern!r}) is not in the results: {error}. Change the source."
                )
                continue
            value *= 100 if text[end:].lstrip("*").startswith("%") else 1
            self.figures.append(Figure(file, start, end, text[start:end], source, value))
        # What is under … is not covered.
        last = match.start()
        for name in match.re.groupindex:
            if name.startswith("gap"):
                self._covered[file].append((last, match.start(name)))
                last = match.end(name)
        self._covered[file].append((last, match.end()))

    def _uncovered(self, file: str, heading: str) -> Iterator[str]:
        """Figures in the tables of a section that no entry has; first columns and `code` say what, not how much."""
        text = self.texts[file]
        begin = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
        if begin is None:
            yield f"{ENTRIES}: {file} has no section {heading!r}: change `complete`."
            return
        until = re.compile(rf"^#{{1,{len(begin[1])}}} ", re.MULTILINE).search(text, begin.end())
        rows = re.compile(r"^\|[^|\n]*\|(.*)$(?!\n\|-)", re.MULTILINE)
        for row in rows.finditer(text, begin.end(), until.start() if until else len(text)):
            cells = re.sub(r"`[^`]*`", lambda code: " " * len(code[0]), row[1])
            for number in re.finditer(_NUMBER, cells):
                at = row.start(1) + number.start()
                if not any(a <= at < b for a, b in self._covered[file]):
                    before = text[max(row.start(), at - 30) : at].replace("*", "")
                    yield (
                        f"{self._at(file, at)}: {number[0]} has no entry. Under [{file!r}] in {ENTRIES} add "
                        f'"{before}{{}}" = "FILE / KEY" (or, if it is somebody else\'s, "{before}{number[0]}" = []).'
                    )

    def _at(self, file: str, place: int) -> str:
        return f"{file}:{self.texts[file].count(chr(10), 0, place) + 1}"


def _expression(pattern: str) -> str:
    """A regular expression: `{}` a figure, perhaps in bold; `…` anything on the line; any white space for a space."""
    parts, made = re.split(r"(\{\}|…|\s+)", pattern), ""
    for number, part in enumerate(parts):
        if part == "{}":
            made += rf"\**(?P<figure{parts[:number].count('{}')}>{_NUMBER})\**"
        elif part == "…":
            made += rf"(?P<gap{number}>[^\n]*?)"
        else:
            made += r"\s+" if part.isspace() else re.escape(part)
    return made


def main() -> int:
    """Compare, or write with --write; returns the number of problems."""
    texts = Texts()
    if "--write" in sys.argv[1:]:
        print("\n".join(texts.write()) or "Nothing to change.")
        texts = Texts()
    print("\n".join(texts.problems) or f"{len(texts.figures)} printed figures agree with the results.")
    return len(texts.problems)


if __name__ == "__main__":
    sys.exit(main())
