"""Find plots and labels in the rows of a user's file, and tag every film of one: streaming and resumable."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from cinefile.errors import InputError
from cinefile.genres.genre_tagger import PlotTagger
from cinefile.sources.readers.tables import json_object, names_in, rows
from cinefile.text.language import notes

PLOT_COLUMNS = ("plot", "overview", "description", "synopsis", "extract", "text")
BATCH = 256


def usable(row: Mapping[str, Any], column: str | None) -> tuple[str, str | None, int | None]:
    """Plot, title and year of a row; ValueError says what is wrong with it."""
    if isinstance(row.get("error"), str) and len(row) == 1:
        raise ValueError(row["error"])
    name = column or next((c for c in PLOT_COLUMNS if c in row), None)
    if name is None or name not in row:
        raise ValueError(f"no column {column or ' or '.join(PLOT_COLUMNS)}")
    plot = row[name]
    if not isinstance(plot, str) or not plot.strip():
        raise ValueError(f"the {name} is empty")
    year = re.match(r"\d{4}", str(row.get("year") or row.get("release_date") or ""))
    title = row.get("title")
    return plot, str(title) if title else None, int(year[0]) if year else None


def labelled(
    source: Path, label_column: str = "genres", plot_column: str | None = None
) -> tuple[list[str], list[list[str]], list[str | None], list[int | None], list[str]]:
    """Plots, labels, titles and years of a file's usable rows, and what was wrong with the others.

    Labels are a list, or one string: a JSON or Python list, or names between ``|``, ``;`` or ``,``.

    Raises:
        InputError: the file cannot be read, or no row of it has a plot and the label column.
    """
    plots, labels, titles, years, problems = [], [], [], [], []
    for number, row in enumerate(rows(source)):
        try:
            plot, title, year = usable(row, plot_column)
            if label_column not in row:
                raise ValueError(f"no column {label_column}")
            labels.append(names_in(row[label_column]))
        except ValueError as error:
            problems.append(f"row {number}: {error}")
            continue
        plots.append(plot)
        titles.append(title)
        years.append(year)
    if not plots:
        raise InputError(f"{source} has no usable row; {'; '.join(problems[:3])}.")
    return plots, labels, titles, years, problems


@dataclass(frozen=True)
class Summary:
    """What became of a file's rows."""

    rows: int
    tagged: int
    rejected: int
    skipped: int


def tag_file(
    tagger: PlotTagger,
    source: Path,
    out: Path,
    *,
    threshold: float | str = 0.1,
    plot_column: str | None = None,
    resume: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Write one JSON line per row of `source` into `out`: its number, title and genres with probabilities.

    Rows that cannot be tagged go, with the reason, into a file beside it that ends in ``.rejected.jsonl``. A run that
    was stopped goes on where it was: rows already in either file are not tagged again.

    Args:
        threshold: as in `ShippedTagger.predict`.
        plot_column: name of the column with the plot; None looks for the usual ones.
        resume: False starts over.
        progress: called with the number of rows done so far.

    Raises:
        InputError: the source cannot be read at all.
    """
    rejects = out.with_name(out.name + ".rejected.jsonl")
    skipped = _done(out, rejects) if resume else 0
    mode = "a" if skipped else "w"
    tagged = rejected = 0
    with out.open(mode, encoding="utf-8") as good, rejects.open(mode, encoding="utf-8") as bad:
        numbered = islice(enumerate(rows(source)), skipped, None)
        while chunk := list(islice(numbered, BATCH)):
            tags, refused = tag_rows(tagger, chunk, threshold, plot_column)
            good.writelines(line + "\n" for line in tags)
            bad.writelines(line + "\n" for line in refused)
            good.flush()
            bad.flush()
            tagged, rejected = tagged + len(tags), rejected + len(refused)
            progress(skipped + tagged + rejected)
    if not rejects.stat().st_size:
        rejects.unlink()
    return Summary(skipped + tagged + rejected, tagged, rejected, skipped)


def tag_rows(
    tagger: PlotTagger,
    chunk: Sequence[tuple[int, Mapping[str, Any]]],
    threshold: float | str,
    plot_column: str | None,
) -> tuple[list[str], list[str]]:
    """JSON lines for some numbered rows: of those tagged, and of those that cannot be, with the reason."""
    fit: list[tuple[int, str, str | None, int | None]] = []
    tags: list[str] = []
    refused: list[str] = []
    for number, row in chunk:
        try:
            fit.append((number, *usable(row, plot_column)))
        except ValueError as error:
            refused.append(json.dumps({"row": number, "reason": str(error)}, ensure_ascii=False))
    _, plots, titles, years = zip(*fit, strict=True) if fit else ((), (), (), ())
    found = tagger.predict(plots, titles, years, threshold=threshold)
    for (number, plot, title, _), genres in zip(fit, found, strict=True):
        document: dict[str, Any] = {"row": number, "title": title}
        document["genres"] = [{"genre": g.genre, "probability": round(g.probability, 4)} for g in genres]
        if said := notes(plot).messages:
            document["notes"] = said
        tags.append(json.dumps(document, ensure_ascii=False))
    return tags, refused


def _done(out: Path, rejects: Path) -> int:
    """Rows that an earlier run finished. A line it was stopped in the middle of is cut off, and what follows redone."""
    last = -1
    kept: dict[Path, list[tuple[int, str]]] = {}
    for file in (out, rejects):
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        kept[file] = []
        for line in lines:
            row = json_object(line).get("row")
            if isinstance(row, int):
                kept[file].append((row, line))
    numbers = {row for rows_ in kept.values() for row, _ in rows_}
    while last + 1 in numbers:
        last += 1
    for file, pairs in kept.items():
        if file.is_file():
            file.write_text("".join(line + "\n" for row, line in pairs if row <= last), encoding="utf-8")
    return last + 1
