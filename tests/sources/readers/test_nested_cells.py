"""Python literals: the same values as ast.literal_eval, whatever the strings hold; nothing that is cut off."""

import ast
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cinefile.sources.readers.nested_cells import parse_literal

TRICKY = st.text(
    alphabet=st.one_of(
        st.sampled_from("'\"\\ ,:[]{}NoneTrueFalse\n\t\x00\xa0\u2028\ue000\ue001\ue002éñ😀"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TRICKY
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TRICKY, inner, max_size=4), max_leaves=20
)


@given(VALUES)
@example([{"a": ": None", "b": None}])
@example([{"x ": None, "it's": 'say "hi"', "both": 'it\'s "both"'}])
@example([{"name": "': None,", "n": True}, None, False])
@example(["\ue000\\'", "\ue001'", '\ue002"'])
def test_the_repr_of_anything_comes_back(value: object) -> None:
    assert parse_literal(repr(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        r"['\x41\u0042\U00000043\N{LATIN SMALL LETTER D}\101\a\v\b\f\n\r\t\q\'\"']",
        r"""["it's \x27 \x22 \x5c", 'a "b" \x27']""",
        "['a\\\nb']",
        "  [ { 'a' : None , 'b':True } , 1.5e3, -2 ]  ",
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
def test_escapes_and_blanks_are_read_as_python_reads_them(text: str) -> None:
    assert parse_literal(text) == ast.literal_eval(text.strip())


@given(VALUES.filter(lambda v: isinstance(v, list | dict)), st.data())
def test_a_literal_that_is_cut_off_is_refused(value: object, data: st.DataObject) -> None:
    text = repr(value)
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(ValueError, match=r"."):
        parse_literal(text[:end])


@given(st.text(alphabet=string.printable, max_size=40))
def test_nothing_but_a_value_or_a_value_error_comes_out(text: str) -> None:
    try:
        parse_literal(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - any text at all may be a literal or not


@pytest.mark.parametrize("text", ["__import__('os')", "{'a', 'b'}", "b'x'", "u'x'", "[1,]", "", "[" * 100_000])
def test_code_and_other_literals_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_literal(text)
