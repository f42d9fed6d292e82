"""What a source of film data is, and the row types that every source yields."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa

from cinefile.sources.readers.data_files import DataFile, Place

# Kinds of identifiers that FILM has columns for, the surest first. Two films with different ids of one kind are two.
ID_KINDS = ("imdb", "tmdb", "movielens", "wikipedia")
_NUMBERED_NAME = pa.struct([("tmdb_id", pa.int64()), ("name", pa.string())])  # a collection or a company of TMDB's

FILM = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),  # 1-based line (CSV, text) or record number (JSON) in the file
        pa.field("key", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),  # without year, article in front
        pa.field("aliases", pa.list_(pa.string())),  # other names found in the same title string
        pa.field("original_title", pa.string()),
        pa.field("year", pa.int16()),  # as stated by the source; NULL where only release_date is given
        pa.field("release_date", pa.date32()),
        pa.field("runtime", pa.float64()),  # minutes
        pa.field("language", pa.string()),  # ISO 639-1 of the original language
        pa.field("status", pa.string()),
        pa.field("tagline", pa.string()),
        pa.field("adult", pa.bool_()),
        pa.field("budget", pa.int64()),  # US dollars
        pa.field("revenue", pa.int64()),  # US dollars
        pa.field("popularity", pa.float64()),
        pa.field("vote_average", pa.float64()),  # 0 to 10
        pa.field("vote_count", pa.int64()),
        pa.field("imdb_id", pa.string()),  # tt0114709
        pa.field("tmdb_id", pa.int64()),
        pa.field("movielens_id", pa.int64()),
        pa.field("wikipedia_id", pa.string()),  # the article's href
        pa.field("collection", _NUMBERED_NAME),
        pa.field("genres", pa.list_(pa.string())),  # as the source names them; the build maps them to one vocabulary
        pa.field("keywords", pa.list_(pa.string())),
        pa.field("companies", pa.list_(_NUMBERED_NAME)),
        pa.field("countries", pa.list_(pa.struct([("code", pa.string()), ("name", pa.string())]))),
        pa.field("cast_names", pa.list_(pa.string())),  # where a source names people without ids (Wikipedia)
        pa.field("plot", pa.string()),
    ]
)
CREDIT = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field(
            "people",  # one row of the file is one row here: everybody of one film
            pa.list_(
                pa.struct(
                    [
                        ("tmdb_id", pa.int64()),
                        ("name", pa.string()),
                        ("gender", pa.int8()),  # TMDB: 0 unknown, 1 female, 2 male, 3 non-binary
                        ("department", pa.string()),  # 'Acting' for cast, else TMDB's
                        ("job", pa.string()),  # 'Actor' for cast, else TMDB's: 'Director', 'Writer', …
                        ("character", pa.string()),
                        ("position", pa.int32()),  # billing order of cast, 0 first; NULL for crew
                    ]
                )
            ),
        ),
    ]
)
KEYWORD = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("keywords", pa.list_(pa.string())),
    ]
)
LINK = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("movielens_id", pa.int64(), nullable=False),
        pa.field("imdb_id", pa.string()),
        pa.field("tmdb_id", pa.int64()),
    ]
)
RATING = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("user_id", pa.int64(), nullable=False),
        pa.field("movielens_id", pa.int64(), nullable=False),
        pa.field("stars", pa.float32(), nullable=False),  # 0.5 to 5
        pa.field("rated_at", pa.timestamp("s")),
    ]
)
REJECT = pa.schema(
    [
        pa.field("line", pa.int64()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("raw", pa.string()),  # the raw text, cut after 10,000 characters
    ]
)

Kind = Literal["film", "credit", "keyword", "link", "rating", "reject"]
SCHEMAS: dict[Kind, pa.Schema] = {
    "film": FILM,
    "credit": CREDIT,
    "keyword": KEYWORD,
    "link": LINK,
    "rating": RATING,
    "reject": REJECT,
}


@dataclass(frozen=True)
class Rows:
    """A batch of rows of one kind.

    Attributes:
        kind: which of SCHEMAS the batch follows.
        file: file name inside the source, for rejects and provenance.
        batch: the rows. A row of the file is exactly one row of one batch, a reject included, so counts add up.
        bytes_read: compressed bytes read from the file so far, for progress.
    """

    kind: Kind
    file: str
    batch: pa.RecordBatch
    bytes_read: int = 0


class BadRowError(ValueError):
    """A row that cannot be used; the message is its reason among the rejects."""


@dataclass(frozen=True)
class DataPart:
    """A file of a data set and how to read it.

    Attributes:
        file: the file.
        read: yields its rows.
        check: raises InputError when the file as a whole cannot be used; looks at its first 64 KB only.
        slow: whether it is parsed in Python for a good part, so that it is worth reading ahead, see `ahead`.
    """

    file: DataFile
    read: Callable[[DataFile], Iterator[Rows]]
    check: Callable[[DataFile], None]
    slow: bool = False


class Source(ABC):
    """A raw format: one file beside this one, and one line in the registry.

    Attributes:
        name: short name, kept with every value: "movielens".
        title: name for people: "MovieLens".
        formats: which files are expected, for messages and `--help`.
        rank: place among the sources when their values of a film differ: the lowest rank wins. Sources of equal rank
            overwrite each other, the newest last.
        key_kind: which of ID_KINDS the keys of its films, credits and keywords are; empty where they mean something
            inside the source only.
        unlisted_genres: genres of the vocabulary (`catalogue.genre_names`) that the source never names, so that a film
            without one of them may well be of that genre.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formats: ClassVar[str]
    rank: ClassVar[int] = 100
    key_kind: ClassVar[str] = ""
    unlisted_genres: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def parts(self, place: Place) -> list[DataPart]:
        """List the files of a place that belong to this source, in reading order: films first; empty without any.

        A file that is plainly meant but unusable (a column missing) is a part too, so that its check can say so.
        """


@dataclass(frozen=True)
class Dataset:
    """A data set found on disk.

    Attributes:
        source: its format.
        name: folder, zip or file name: "ml-25m". User ids of two data sets are different people.
        path: what was given to `recognise`.
        parts: its files in reading order.
    """

    source: Source
    name: str
    path: Path
    parts: tuple[DataPart, ...]

    @property
    def files(self) -> tuple[DataFile, ...]:
        """Its files in reading order."""
        return tuple(p.file for p in self.parts)

    @property
    def size(self) -> int:
        """Bytes of all files as they lie on disk: what the last `bytes_read` of each adds up to, or nearly."""
        return sum(f.size for f in self.files)

    def check(self) -> None:
        """Look at the start of every file.

        Raises:
            InputError: a file is empty, damaged or lacks a column.
        """
        for part in self.parts:
            part.check(part.file)

    def read(self) -> Iterator[Rows]:
        """All rows in batches, file by file. Memory does not grow with the files.

        Raises:
            InputError: a file is damaged or cut off.
        """
        for part in self.parts:
            yield from part.read(part.file)
