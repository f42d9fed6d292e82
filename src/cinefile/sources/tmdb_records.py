"""The film record of TMDB, which three sources hold: as CSV with Python literals, as CSV with JSON, as JSON."""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from cinefile.sources.base import BadRowError
from cinefile.sources.batches import array
from cinefile.sources.fields import Film, day, imdb, integer, names, positive, real, text, title
from cinefile.sources.nested import Parse, entries, entry, literal_value
from cinefile.sources.rows import CREDIT

REQUIRED = ("id", "title", "original_title", "overview", "release_date", "runtime", "budget", "revenue", "popularity",
            "vote_average", "vote_count", "original_language", "status", "tagline", "genres", "production_companies",
            "production_countries")  # fmt: skip
OPTIONAL = ("imdb_id", "adult", "belongs_to_collection", "keywords")
_ADULT = {"True": True, "False": False, "": None, True: True, False: False, None: None}


def film_parser(parse: Parse = literal_value) -> Callable[..., Film]:
    """Make a parser of (line, REQUIRED values…, OPTIONAL values…); `parse` reads nested cells."""

    def film(
        line: int, id_: Any, title_: Any, original: Any, overview: Any, released: Any, runtime: Any, budget: Any,
        revenue: Any, popularity: Any, average: Any, votes: Any, language: Any, status: Any, tagline: Any, genres: Any,
        companies: Any, countries: Any, imdb_id: Any, adult: Any, collection: Any, keywords: Any,
    ) -> Film:  # fmt: skip
        tmdb_id = positive(id_, "id")
        if isinstance(adult, list | dict) or adult not in _ADULT:
            raise BadRowError("column adult is neither True nor False; the columns may be shifted")
        part_of = entry(collection, "belongs_to_collection", parse)
        genre_list = entries(genres, "genres", parse)
        keyword_list = entries(keywords, "keywords", parse)
        company_list = entries(companies, "production_companies", parse)
        country_list = entries(countries, "production_countries", parse)
        return Film(
            line=line,
            key=str(tmdb_id),
            title=title(title_),
            original_title=text(original),
            release_date=day(released),
            runtime=real(runtime),
            language=text(language),
            status=text(status),
            tagline=text(tagline),
            adult=_ADULT[adult],
            budget=integer(budget),
            revenue=integer(revenue),
            popularity=real(popularity),
            vote_average=real(average),
            vote_count=integer(votes),
            imdb_id=imdb(imdb_id),
            tmdb_id=tmdb_id,
            collection=_named(part_of) if part_of else None,
            genres=names(genre_list or ()),
            keywords=None if keyword_list is None else names(keyword_list),
            companies=[_named(c) for c in company_list or ()],
            countries=[{"code": text(c.get("iso_3166_1")), "name": text(c.get("name"))} for c in country_list or ()],
            plot=text(overview),
        )

    return film


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    return {"tmdb_id": integer(entry.get("id")), "name": text(entry.get("name"))}


def credits_parser(parse: Parse = literal_value) -> Callable[..., tuple[Any, ...]]:
    """Make a parser of (line, id, cast, crew) for `assemble_credits`."""

    def people(line: int, id_: Any, cast: Any, crew: Any) -> tuple[Any, ...]:
        key = str(positive(id_, "id"))
        return line, key, entries(cast, "cast", parse) or [], entries(crew, "crew", parse) or []

    return people


def assemble_credits(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    """Make a CREDIT batch of (line, key, cast, crew), column by column: a struct per person would take far longer."""
    lines, keys, casts, crews = zip(*rows, strict=True)
    cast, crew = list(chain.from_iterable(casts)), list(chain.from_iterable(crews))
    both = cast + crew
    empty = [None]
    columns: dict[str, list[Any]] = {
        "tmdb_id": [integer(p.get("id")) for p in both],
        "name": [text(p.get("name")) for p in both],
        "gender": [g if (g := p.get("gender")) in (0, 1, 2, 3) else None for p in both],
        "department": ["Acting"] * len(cast) + [text(p.get("department")) for p in crew],
        "job": ["Actor"] * len(cast) + [text(p.get("job")) for p in crew],
        "character": [text(p.get("character")) for p in cast] + empty * len(crew),
        "position": [_position(p.get("order")) for p in cast] + empty * len(crew),
    }
    kind = CREDIT.field("people").type
    people = pa.StructArray.from_arrays(
        [array(columns[field.name], field.type) for field in kind.value_type], fields=list(kind.value_type)
    )
    # All cast come before all crew here; in the batch each film's cast is followed by its crew.
    sizes = np.array([(len(a), len(b)) for a, b in zip(casts, crews, strict=True)], dtype=np.int64)
    film = np.arange(len(rows))
    owner = np.concatenate([np.repeat(film, sizes[:, 0]), np.repeat(film, sizes[:, 1])])
    offsets = np.concatenate([[0], np.cumsum(sizes.sum(axis=1))]).astype(np.int32)
    people_lists = pa.ListArray.from_arrays(
        pa.array(offsets), people.take(pa.array(np.argsort(owner, kind="stable"))), type=kind
    )
    return pa.RecordBatch.from_arrays(
        [pa.array(lines, pa.int64()), array(keys, pa.string()), people_lists], schema=schema
    )


def _position(value: object) -> int | None:
    number = integer(value)
    return number if number is not None and 0 <= number < 1 << 31 else None
