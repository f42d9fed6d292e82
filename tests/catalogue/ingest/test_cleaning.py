"""The SQL title key is the Python one."""

import string

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinefile.catalogue.ingest.cleaning import make_keys
from cinefile.titles import title_key


def keys(texts: list[str]) -> dict[str, str]:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (text VARCHAR)")
    connection.executemany("INSERT INTO t VALUES (?)", [[text] for text in texts])
    make_keys(connection, "FROM t", "k")
    return dict(connection.execute("SELECT text, key FROM k").fetchall())


HARD = [
    "The Usual Suspects", "Usual Suspects, The", "A", "The", "the  end", "An", " The Thing ", "!!!", "...And Justice",
    "Amélie", "Mädchen in Uniform", "Tom & Jerry", "Ocean's Eleven", "Se7en", "La Cité des enfants perdus", "8½",
    "[Rec]", "A_B", "a-ha", "The The", "AN OFFICER", "The-Dreamers", "A.I.", "東京物語", "Theatre", "M*A*S*H",
    "", " ", "'", "& ",
]  # fmt: skip


def test_hard_titles() -> None:
    assert keys(HARD) == {text: title_key(text) for text in HARD}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(string.ascii_letters + string.digits + " '&,.-_!thean\tÉøß", max_size=14), max_size=60))
def test_any_title(texts: list[str]) -> None:
    assert keys(texts or ["x"]) == {text: title_key(text) for text in (texts or ["x"])}


@pytest.mark.parametrize("name", ["The Weeknd", "A Martinez", "Robert De Niro", "An Li"])
def test_names(name: str) -> None:
    assert keys([name])[name] == title_key(name)
