"""Whatever is given is read or refused with a sentence, soon."""

import gzip
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cinefile.errors import CinefileError
from cinefile.exports import ExportRow, FilmIndex, match, read_export_bytes
from cinefile.exports.columns import date_of, imdb_of, rating_of, whole, year_of

INDEX = FilmIndex([1], ["Heat"], [1995], ["tt0113277"])
SEEDS = [
    b"title,year,stars\nHeat,1995,4\n\"Alien, the\",1979,5\n",
    b'[{"rated_at":"2020-01-01","rating":9,"type":"movie","movie":{"title":"Heat","year":1995,"ids":{"tmdb":949}}}]',
    b"\xff\xfet\x00i\x00t\x00l\x00e\x00;\x00r\x00a\x00t\x00i\x00n\x00g\x00\n\x00H\x00;\x009\x00",
    b"PK\x03\x04" + b"\x00" * 60,
    gzip.compress(b"title,stars\nHeat,4\n"),
    b"Const,Your Rating,Title,Title Type,Year\ntt0113277,10,Heat,Movie,1995\n",
]  # fmt: skip


def outcome(content: bytes) -> None:
    with suppress(CinefileError):
        match(read_export_bytes("x", content), INDEX)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 200),
    st.binary(max_size=30),
)
def test_mutated_files(seed: bytes, changes: list[tuple[int, int]], cut: int, inserted: bytes) -> None:
    content = bytearray(seed)
    for place, value in changes:
        content[place % len(content)] = value
    outcome(bytes(content[:cut]) + inserted + bytes(content[cut:]))
    outcome(bytes(content[:cut]))


@given(st.text(max_size=40))
def test_cells_never_fail(cell: str) -> None:
    for read in (date_of, imdb_of, rating_of, whole, year_of):
        read(cell)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"title,stars\n" + b"x" * 20_000_000,
        b"title,stars\n" + b'"\n' * 500_000,
        b"title,stars\n" + b'"' + b"\n" * 500_000,
        b"title,stars\n" + b"Heat," + b"9" * 400_000 + b"\n",
        b"title,stars\n" + b"(" * 300_000 + b",4\n",
        gzip.compress(b"\x00" * 60_000_000),
        b",".join(b"title" for _ in range(200_000)),
    ],
    ids=["brackets", "braces", "long line", "quotes", "one quote", "digits", "parentheses", "bomb", "columns"],
)
def test_hostile_shapes_end_soon(content: bytes) -> None:
    start = time.monotonic()
    outcome(content)
    assert time.monotonic() - start < 10


def test_a_long_line_takes_little_memory() -> None:
    content = b"date,title\n" + "Ã©".encode() * 5_000_000
    tracemalloc.start()
    outcome(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200_000_000


@pytest.mark.parametrize("title", [" " * 20_000 + "x", "a" + " " * 20_000 + "b", " - " * 6_000, ": " * 10_000])
def test_titles_of_blanks_are_matched_in_no_time(title: str) -> None:
    index = FilmIndex([1], ["Alien"], [1979])
    started = time.perf_counter()
    match([ExportRow("x.csv", 1, title, year, 4.0) for year in (1979, None)], index)
    assert time.perf_counter() - started < 1.0
