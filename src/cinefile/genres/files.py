"""Tag every film of a CSV, JSONL or Parquet file: streaming, resumable, bad rows kept with their reason."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from cinefile.genres.plot_tagger import PlotTagger
from cinefile.genres.rows import BATCH, parsed, rows, usable
from cinefile.text.language import notes


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
            row = parsed(line).get("row")
            if isinstance(row, int):
                kept[file].append((row, line))
    numbers = {row for rows_ in kept.values() for row, _ in rows_}
    while last + 1 in numbers:
        last += 1
    for file, pairs in kept.items():
        if file.is_file():
            file.write_text("".join(line + "\n" for row, line in pairs if row <= last), encoding="utf-8")
    return last + 1
