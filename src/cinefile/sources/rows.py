"""Our row types: what every source yields, whatever its files look like.

`key` is the film's key inside its source (a TMDB id, a MovieLens id, a line number); rows of the other types refer to
films by it. Values are typed but not yet cleaned: zero still means what the source meant by it, the build decides.
"""

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

_PERSON = pa.struct([("tmdb_id", pa.int64()), ("name", pa.string())])

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
        pa.field("collection", pa.struct([("tmdb_id", pa.int64()), ("name", pa.string())])),
        pa.field("genres", pa.list_(pa.string())),  # as the source names them; the build maps them to one vocabulary
        pa.field("keywords", pa.list_(pa.string())),
        pa.field("companies", pa.list_(_PERSON)),
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
