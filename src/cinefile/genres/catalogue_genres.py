"""Give the films of a catalogue that no source gave a genre predicted ones, marked as predicted.

What is predicted is first written to a file beside the catalogue, so that a stopped run goes on where it was; the
catalogue itself is replaced once, at the end, by a copy that has the new rows.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from cinefile.atomic_files import aside, replace
from cinefile.catalogue.catalogue_file import Catalogue, first_line
from cinefile.errors import CatalogueError
from cinefile.genres.genre_tagger import PlotTagger
from cinefile.genres.plot_files import BATCH
from cinefile.sources.readers.tables import json_object

SOURCE = "tagger"
# What a tagger says of this tells it from others, of whatever kind they are.
_PROBE = "A detective hunts a killer."
# Films that no source gave a genre, each with its longest plot: more words, surer genres. Encyclopaedia openings come
# last, as they tell of the making and not of the story.
_FILMS = """
    SELECT film_id, title, year, arg_min(plot, (source LIKE '%wikipedia%', -length(plot), source)) AS plot
    FROM films JOIN plots USING (film_id)
    WHERE film_id NOT IN (SELECT film_id FROM genres WHERE NOT predicted) AND trim(plot) <> ''
    GROUP BY ALL ORDER BY film_id
"""
_FOUND = pa.schema([("film_id", pa.int32()), ("genre", pa.string()), ("probability", pa.float64())])


@dataclass(frozen=True)
class CatalogueSummary:
    """What became of the films without a given genre.

    Attributes:
        films: films that have a plot and no given genre.
        tagged: of these, tagged in this run.
        skipped: of these, tagged by a run that was stopped.
        genres: rows that the catalogue now holds as predicted.
    """

    films: int
    tagged: int
    skipped: int
    genres: int


def tag_catalogue(
    tagger: PlotTagger,
    path: Path,
    *,
    threshold: float | str = "tuned",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> CatalogueSummary:
    """Predict genres for the films of a catalogue that have a plot and no genre of any source.

    Earlier predictions are replaced; those of films that a source has since given genres go. Nothing else changes.

    Args:
        threshold: as in `PlotTagger.predict`.
        progress: called with the number of films done, and of all.

    Raises:
        CatalogueError: no catalogue, or it cannot be written.
        CatalogueBusyError: a build holds it.
    """
    with aside(path) as folder:
        with Catalogue(path) as catalogue, catalogue.cursor() as cursor:
            films: list[tuple[int, str, int | None, str]] = cursor.execute(_FILMS).fetchall()
        partial = path.with_name(f"{path.name}.genres.partial.jsonl")
        known = _known(partial)
        model = [tagger.labels, tagger.predict_proba([_PROBE]).round(4).tolist(), str(threshold)]
        wanted = {_key(model, film): film for film in films}
        pending = [key for key in wanted if key not in known]
        skipped = len(films) - len(pending)
        progress(skipped, len(films))
        with partial.open("a", encoding="utf-8") as file:
            for start in range(0, len(pending), BATCH):
                part = pending[start : start + BATCH]
                _, titles, years, plots = zip(*(wanted[key] for key in part), strict=True)
                for key, genres in zip(part, tagger.predict(plots, titles, years, threshold=threshold), strict=True):
                    known[key] = [(g.genre, round(g.probability, 4)) for g in genres]
                    file.write(json.dumps({"key": key, "genres": known[key]}) + "\n")
                file.flush()
                progress(skipped + start + len(part), len(films))
        rows = [(wanted[key][0], genre, p) for key in wanted for genre, p in known[key]]
        _write(path, folder / "tagged.duckdb", rows)
        partial.unlink()
    return CatalogueSummary(len(films), len(pending), skipped, len(rows))


def _key(model: list[Any], film: tuple[int, str, int | None, str]) -> str:
    """What a prediction depends on: another tagger, threshold or plot makes it anew."""
    return hashlib.blake2b(json.dumps([model, film]).encode(), digest_size=12).hexdigest()


def _known(partial: Path) -> dict[str, list[tuple[str, float]]]:
    """Predictions of a run that was stopped; a line that it was stopped in the middle of is left out."""
    if not partial.is_file():
        return {}
    lines = partial.read_text(encoding="utf-8").splitlines()
    documents: list[dict[str, Any]] = [dict(d) for line in lines if "key" in (d := json_object(line))]
    partial.write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    return {d["key"]: [(genre, p) for genre, p in d["genres"]] for d in documents}


def _write(path: Path, copy: Path, rows: list[tuple[int, str, float]]) -> None:
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    try:
        shutil.copyfile(path, copy)
        with duckdb.connect(str(copy)) as connection:
            connection.execute("CREATE TEMP TABLE given AS FROM genres WHERE NOT predicted")
            connection.register("found", pa.table(dict(zip(_FOUND.names, columns, strict=True)), schema=_FOUND))
            # All rows anew, in the order in which they are looked up.
            connection.execute("DELETE FROM genres")
            connection.execute(
                f"""INSERT INTO genres BY NAME
                SELECT * FROM (FROM given UNION ALL BY NAME
                    SELECT film_id, genre, '{SOURCE}' AS source, TRUE AS predicted, probability FROM found)
                ORDER BY film_id, predicted, probability DESC"""
            )
            connection.execute("CHECKPOINT")
    except (duckdb.Error, OSError) as error:
        reason = first_line(error)
        raise CatalogueError(f"{path} could not be written: {reason}", "It is as it was before.") from error
    replace(copy, path)
