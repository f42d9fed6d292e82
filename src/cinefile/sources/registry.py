"""Every source by name, and the way from a path to the data sets found under it."""

from pathlib import Path

import pyarrow as pa

from cinefile.errors import UnknownFormatError
from cinefile.sources import imdb_genres, miad, movielens, the_movies_dataset, tmdb_5000, tmdb_api, wikipedia
from cinefile.sources.contract import SCHEMAS, Dataset, Kind, Source
from cinefile.sources.readers.data_files import places

# In reading order: first those whose ids connect others, last those that know a film by its title only.
SOURCES: tuple[Source, ...] = (
    movielens.SOURCE,
    the_movies_dataset.SOURCE,
    tmdb_5000.SOURCE,
    tmdb_api.SOURCE,
    miad.SOURCE,
    imdb_genres.SOURCE,
    wikipedia.SOURCE,
)


def recognise(path: str | Path) -> list[Dataset]:
    """The data sets under a path: a folder (searched through), a zip, a gz or a single file.

    They come in the order of SOURCES, those of one source in the order of their paths. Files of no source (read-me
    files, user exports, tags) are left alone.

    Raises:
        UnknownFormatError: there is nothing there, or nothing of a known format; the hint lists the formats.
        InputError: a zip is damaged, or a recognised file is empty or lacks a column.
    """
    start = Path(path)
    known = "\n".join(f"  {s.title}: {s.formats}" for s in SOURCES)
    hint = f"Give a folder, a zip (or .gz) or a file of one of these:\n{known}"
    if not start.exists():
        raise UnknownFormatError(f"{start} does not exist.", hint)
    found = []
    for place in places(start):
        for rank, source in enumerate(SOURCES):
            if parts := source.parts(place):
                found.append((rank, Dataset(source, place.name, start, tuple(parts))))
    if not found:
        raise UnknownFormatError(f"No known film data at {start}{_nothing(start)}.", hint)
    datasets = [dataset for _, dataset in sorted(found, key=lambda pair: pair[0])]
    for dataset in datasets:
        dataset.check()
    return datasets


def read_table(path: str | Path, kind: Kind) -> pa.Table:
    """Read all rows of one kind under a path into memory, in the order of the files; rejects are left out.

    Raises:
        UnknownFormatError, InputError: as in `recognise`; also where a file turns out damaged.
    """
    batches = [rows.batch for dataset in recognise(path) for rows in dataset.read() if rows.kind == kind]
    return pa.Table.from_batches(batches, SCHEMAS[kind])


def _nothing(path: Path) -> str:
    if path.is_dir():
        return "" if any(path.iterdir()) else ": the folder is empty"
    return "" if path.stat().st_size else ": the file is empty"
