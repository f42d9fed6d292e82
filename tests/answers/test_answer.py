import sys
from datetime import date

import pyarrow as pa
import pytest

from cinefile.answers import Film, FilmPage, PickedFilm, Picks, Reason, Table, Tag, Tags, Votes
from cinefile.errors import MissingExtraError
from cinefile.library import Library

FILM = Film(
    7, "<b>Heat</b>", 1995, date(1995, 12, 15), 170.0, "en", ("Action", "Crime"), (), 60_000_000, None, None, None,
    17.9, 7.7, 1886, 7.5,
)  # fmt: skip


def test_films_as_arrow() -> None:
    table = FilmPage((FILM,), 1, 1, 20, 1).to_arrow()
    assert table.num_rows == 1
    assert table.column("return").to_pylist() == [None]
    assert table.schema.field("genres").type == pa.list_(pa.string())
    assert table.schema.field("release_date").type == pa.date32()
    assert table.to_pylist()[0] == {**FILM.document(), "release_date": date(1995, 12, 15)}


KINDS = {
    "films": FilmPage((FILM,), 1, 1, 20, 1),
    "tags": Tags((Tag("Western", 0.9, ()), Tag("Drama", 0.4, ())), ()),
    "picks": Picks((PickedFilm(1, "Up", 2009, 4.5, 3.5, 5.0, (Reason(2, "Heat", 1995, 0.25),)),)),
}


@pytest.mark.parametrize("answer", KINDS.values(), ids=KINDS)
def test_films_tags_and_picks_are_tables_of_every_kind(answer: FilmPage | Tags | Picks) -> None:
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    arrow = answer.to_arrow()
    assert arrow.num_rows >= 1
    assert isinstance(answer.to_pandas(), pd.DataFrame)
    assert isinstance(answer.to_polars(), pl.DataFrame)
    assert list(answer.to_pandas().columns) == answer.to_polars().columns == arrow.column_names
    html = answer._repr_html_()
    assert html.startswith("<table><thead>")
    assert html.count("<tr>") == 1 + arrow.num_rows


def test_no_rows_keep_their_types() -> None:
    full, empty = FilmPage((FILM,), 1, 1, 20, 1).to_arrow(), FilmPage((), 0, 1, 20, 0).to_arrow()
    assert empty.schema == full.schema
    assert empty.num_rows == 0


def test_reasons_stay_nested() -> None:
    picks = Picks((PickedFilm(1, "Up", 2009, 4.5, None, None, (Reason(2, "Heat", 1995, 0.25),)),))
    assert picks.to_arrow().to_pylist()[0]["because"] == [{"film_id": 2, "title": "Heat", "year": 1995, "stars": 0.25}]
    assert "<td>Heat</td>" in picks._repr_html_()


def test_one_answer_is_one_row() -> None:
    votes = Votes(1, "Up", 2009, 10, 7.5, 0, True, "10 votes")
    assert votes.to_arrow().to_pylist() == [votes.document()]


def test_rows_of_sql() -> None:
    table = Table(("n", "n"), ((1, "a"), (2, None)), False).to_arrow()
    assert table.column_names == ["n", "n"]
    assert table.column(1).to_pylist() == ["a", None]
    assert Table(("n",), (), False).to_arrow().num_rows == 0


def test_html_is_escaped_and_cut() -> None:
    html = FilmPage((FILM,) * 30, 43, 1, 30, 2)._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;Heat" in html
    assert html.count("<tr>") == 1 + 20
    assert "20 of 43" in html
    # Columns that nothing is known of are left out.
    assert "<th>revenue</th>" not in html


def test_pandas(small_catalogue_file: object) -> None:
    pd = pytest.importorskip("pandas")
    with Library(str(small_catalogue_file)) as lib:
        page = lib.films(title="heat")
        frame = page.to_pandas()
        sql = lib.sql("SELECT title, year FROM films ORDER BY film_id").to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["film_id"]) == [film.film_id for film in page.films]
    assert sql.loc[0, "title"] == "Toy Story"


def test_polars() -> None:
    pl = pytest.importorskip("polars")
    frame = FilmPage((FILM,), 1, 1, 20, 1).to_polars()
    assert isinstance(frame, pl.DataFrame)
    assert frame["title"].to_list() == [FILM.title]


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_a_missing_part_says_how_to_get_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"cinefile\[frames\]"):
        getattr(FilmPage((FILM,), 1, 1, 20, 1), f"to_{name}")()
