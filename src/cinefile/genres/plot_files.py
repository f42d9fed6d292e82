"""Find plots and labels in the rows of a user's file, and tag every film of one: streaming and resumable."""

import hashlib
import html
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
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ADDED = re.compile(
    r"(?:\.\.\.)?\s{0,3}(?:See full (?:summary|synopsis)\s{0,3}»?|Written by\s[^.!?]{1,80})$", re.IGNORECASE
)
# Texts that stand where there is no plot, as sites and programs write them.
_NO_PLOT = re.compile(
    r"\W*(?:n/?a|nan|null|none|nil|unknown|tba|tbd|add a plot|to be (?:announced|added)|coming soon|"
    r"(?:there is )?no (?:plot|overview|synopsis|description|summary|storyline)"
    r"(?: (?:is )?(?:found|available|yet|given|known))*|"
    r"(?:the )?(?:plot|overview|synopsis|description|storyline)(?: is)? (?:unknown|not available|unavailable|"
    r"(?:kept |still )?under wraps|tba)(?: at this time)?)\W*",
    re.IGNORECASE,
)


def usable(row: Mapping[str, Any], column: str | None) -> tuple[str, str | None, int | None]:
    """Plot, title and year of a row, whose columns may be in capitals; ValueError says what is wrong with it."""
    if isinstance(row.get("error"), str) and len(row) == 1:
        raise ValueError(row["error"])
    cells = _lower_case(row)
    name = column.lower() if column else next((c for c in PLOT_COLUMNS if c in cells), None)
    if name is None or name not in cells:
        raise ValueError(f"no column {column or ' or '.join(PLOT_COLUMNS)}")
    plot = cells[name]
    if not isinstance(plot, str) or not (plot := _plain(plot)):
        raise ValueError(f"the {name} is empty")
    if _NO_PLOT.fullmatch(plot):
        raise ValueError(f"the {name} only says that there is none")
    year = re.match(r"\d{4}", str(cells.get("year") or cells.get("release_date") or ""))
    title = cells.get("title") or cells.get("name")
    return plot, str(title) if title else None, int(year[0]) if year else None


def _lower_case(row: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).strip().lower(): cell for name, cell in row.items()}


def _plain(plot: str) -> str:
    """A plot without HTML and without what sites add to it."""
    text = html.unescape(_TAG.sub(" ", plot)) if "<" in plot or "&" in plot else plot
    return _ADDED.sub("", text.strip()).strip()


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
            cells = _lower_case(row)
            if label_column.lower() not in cells:
                raise ValueError(f"no column {label_column}")
            labels.append(names_in(cells[label_column.lower()]))
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
    was stopped goes on where it was: rows already in either file are not tagged again, as long as they hold what they
    held; from the first row that has changed, moved or gone, tagging starts anew.

    Args:
        threshold: as in `ShippedTagger.predict`.
        plot_column: name of the column with the plot; None looks for the usual ones.
        resume: False starts over.
        progress: called with the number of rows done so far.

    Raises:
        InputError: the source cannot be read at all, or no row of it can be tagged.
    """
    rejects = out.with_name(out.name + ".rejected.jsonl")
    skipped = _done(source, out, rejects) if resume else 0
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
    if rejected and not tagged and not skipped:
        first = json_object(rejects.read_text(encoding="utf-8").partition("\n")[0]).get("reason")
        out.unlink()
        raise InputError(
            f"None of the {rejected:,} rows of {source} can be tagged. The first: {first}.",
            f"Name the column with the plot: --column NAME. All reasons are in {rejects}.",
        )
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
    fit: list[tuple[int, str, str, str | None, int | None]] = []
    tags: list[str] = []
    refused: list[str] = []
    document: dict[str, Any]
    for number, row in chunk:
        try:
            fit.append((number, _content(row), *usable(row, plot_column)))
        except ValueError as error:
            document = {"row": number, "reason": str(error), "content": _content(row)}
            refused.append(json.dumps(document, ensure_ascii=False))
    _, _, plots, titles, years = zip(*fit, strict=True) if fit else ((), (), (), (), ())
    found = tagger.predict(plots, titles, years, threshold=threshold)
    for (number, content, plot, title, _), genres in zip(fit, found, strict=True):
        document = {"row": number, "content": content, "title": title}
        document["genres"] = [{"genre": g.genre, "probability": round(g.probability, 4)} for g in genres]
        if said := notes(plot).messages:
            document["notes"] = said
        tags.append(json.dumps(document, ensure_ascii=False))
    return tags, refused


def _content(row: Mapping[str, Any]) -> str:
    """What tells one row's cells from another's, in 16 characters."""
    return hashlib.blake2b(json.dumps(row, default=str, sort_keys=True).encode(), digest_size=8).hexdigest()


def _done(source: Path, out: Path, rejects: Path) -> int:
    """Rows that an earlier run finished and that still hold what they held; what was written of others is cut off."""
    kept: dict[Path, list[tuple[int, str]]] = {}
    contents: dict[int, str] = {}
    for file in (out, rejects):
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        kept[file] = []
        for line in lines:
            document = json_object(line)  # a line that the run was stopped in the middle of is none
            number, content = document.get("row"), document.get("content")
            if isinstance(number, int) and isinstance(content, str):
                kept[file].append((number, line))
                contents[number] = content
    done = 0
    if contents:
        for number, row in enumerate(rows(source)):
            if contents.get(number) != _content(row):
                break
            done = number + 1
    for file, pairs in kept.items():
        if file.is_file():
            file.write_text("".join(line + "\n" for number, line in pairs if number < done), encoding="utf-8")
    return done
