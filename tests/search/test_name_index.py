import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinefile.search import NameIndex
from cinefile.search.name_index import LEAST_SIMILARITY, fold, fold_sql, near_names

NAMES = [
    "The Café, by Night",
    "Schindler's List",
    "Œuvre",
    "Straße",
    "A",
    "",
    "  ",
    "!!!",
    "Ærø",
    "七人の侍",
    "İstanbul",
    "M",
]


def index(names: list[str]) -> NameIndex:
    given_names = pa.table({"name": pa.array(names, pa.string())})  # noqa: F841  (DuckDB finds it by its name)
    folded = duckdb.sql(f"SELECT ' ' || {fold_sql('name')} || ' ' AS n FROM given_names").to_arrow_table()["n"]
    return NameIndex(folded.combine_chunks(), np.zeros(len(names), np.float32))


def test_folding_in_sql_and_in_python_agree() -> None:
    with duckdb.connect() as connection:
        for name in NAMES:
            ((sql,),) = connection.execute(f"SELECT {fold_sql('$1::VARCHAR')}", [name]).fetchall()
            assert fold(sql) == fold(name), name


def test_every_name_finds_itself_first() -> None:
    names = [n for n in NAMES if fold(n)]
    built = index(names)
    for position, name in enumerate(names):
        best = built.search(name, 1)[0]
        assert (best.position, best.kind) == (position, "words"), name


def test_an_empty_index() -> None:
    assert index([]).search("anything") == []


@pytest.mark.parametrize("names", [["a"], ["ab", ""], ["", ""]])
def test_tiny_indexes(names: list[str]) -> None:
    assert all(m.position < len(names) for m in index(names).search("ab"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("scorcese", "Martin Scorsese"),
        ("spielburg", "Steven Spielberg"),
        ("aleins", "Aliens"),
        ("cronicles of narnia", "The Chronicles of Narnia: The Lion, the Witch and the Wardrobe"),
        ("matrx", "The Matrix"),
    ],
)
def test_a_misspelt_name_is_found_by_some_of_its_words(typed: str, name: str) -> None:
    names = [name, "Aladdin", "The Maltese Falcon", "Cortese", "Steve Burg", "The Chronicles of Riddick"]
    found = index(names).search(typed)
    assert found[0].position == 0
    assert found[0].similarity >= LEAST_SIMILARITY


def test_names_unlike_what_was_typed_are_not_found() -> None:
    names = ["Made", "Amateur", "The Raid", "Prime Suspect"]
    assert index(names).search("amadeuss") == index(names).search("shawshenk redemtion") == []
    assert near_names("zither", names) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=20))
def test_any_text_can_be_searched(names: list[str], query: str) -> None:
    clean = [n for n in names if "\x00" not in n and n.isprintable()]
    for match in index(clean).search(query.encode("utf-8", "ignore").decode()):
        assert 0.0 <= match.similarity <= 1.0001
