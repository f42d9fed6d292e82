"""Sources of plots: MIAD, IMDb's 27 genres, Wikipedia's decades; and JSON lists read piece by piece."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.helpers import read, reasons

from cinefile.errors import InputError
from cinefile.sources.readers import json_files


def test_miad_with_and_without_genres(tmp_path: Path) -> None:
    (tmp_path / "dataTraining.csv").write_text(
        ",year,title,plot,genres,rating\n"
        '3107,2003,Most,"a father ,\nhis son","[\'Short\', ""Children\'s""]",8.0\n'
        "x,2003,Most,plot,[],8.0\n"
        '9,3000,Later,plot,"[\'Sho",8.0\n'
        "10,0,Zero,,[],\n"
    )
    (tmp_path / "dataTesting.csv").write_text(",year,title,plot\n1,1999,Message in a Bottle,a bottle .\n")
    found = read(tmp_path)
    by_key = {f["key"]: f for f in found["film"]}
    assert (by_key["1"]["genres"], by_key["1"]["vote_average"]) == (None, None)
    assert (by_key["3107"]["genres"], by_key["3107"]["vote_average"]) == (["Short", "Children's"], 8.0)
    assert (by_key["10"]["year"], by_key["10"]["plot"], by_key["10"]["genres"]) == (0, None, [])
    assert [line for line, _ in reasons(found)] == [4, 5]
    assert "shifted" in found["reject"][0]["reason"]


def test_imdb_titles_genres_and_the_solution(tmp_path: Path) -> None:
    (tmp_path / "train_data.txt").write_text(
        "1 ::: Edgar's Lunch (1998) ::: thriller ::: Plot ::: with the separator.\n"
        '2 ::: "Pink Slip" (2009) ::: comedy ::: Plot.\n'
        "3 ::: Spirits (2014/II) ::: drama ::: Plot.\n"
        "4 ::: The Sandman (????/I) ::: horror ::: Plot.\n"
        "5 ::: Cut ::: drama\n"
        "x ::: A ::: B ::: C\n",
        encoding="utf-8",
    )
    (tmp_path / "test_data.txt").write_text("1 ::: La guerra (1977) ::: Plot.\n")
    found = read(tmp_path)
    assert [(f["key"], f["title"], f["year"], f["genres"]) for f in found["film"]] == [
        ("train:1", "Edgar's Lunch", 1998, ["thriller"]),
        ("train:2", "Pink Slip", 2009, ["comedy"]),
        ("train:3", "Spirits", 2014, ["drama"]),
        ("train:4", "The Sandman", None, ["horror"]),
        ("test:1", "La guerra", 1977, None),
    ]
    assert found["film"][0]["plot"] == "Plot ::: with the separator."
    assert [line for line, _ in reasons(found)] == [5, 6]

    (tmp_path / "test_data_solution.txt").write_text("1 ::: La guerra (1977) ::: drama ::: Plot.\n")
    assert [f["genres"] for f in read(tmp_path)["film"] if f["key"] == "test:1"] == [["drama"]]


def test_wikipedia_keys_and_missing_values(tmp_path: Path) -> None:
    films = [
        {
            "title": "A",
            "year": 1990,
            "cast": ["B", ""],
            "genres": ["Drama"],
            "href": "A_(film)",
            "extract": "A is a film.",
        },
        {"title": "B", "year": 1991, "cast": [], "genres": [], "href": None},
        {"title": "", "year": 1991, "cast": [], "genres": []},
        "no film",
    ]
    (tmp_path / "movies-1990s.json").write_text(json.dumps(films, indent=1))
    (tmp_path / "genres.json").write_text('["Action"]')
    found = read(tmp_path)
    assert [(f["line"], f["key"], f["wikipedia_id"], f["cast_names"], f["plot"]) for f in found["film"]] == [
        (1, "A_(film)", "A_(film)", ["B"], "A is a film."),
        (2, "B (1991)", None, [], None),
    ]
    assert reasons(found) == [(3, "no title"), (4, "the record is no object")]


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=30), max_size=3)), st.integers(1, 40)
)
def test_a_list_in_pieces_is_the_list(values: list[object], size: int) -> None:
    text = io.StringIO(json.dumps(values, indent=2))
    assert [v for v, _ in json_files.records(lambda: text.read(size), "x")] == values


@pytest.mark.parametrize("cut", [30, 60, 89])
def test_a_cut_off_list_says_how_far_it_went(tmp_path: Path, cut: int) -> None:
    text = json.dumps([{"title": "A", "year": 1990, "cast": [], "genres": []}] * 3)
    path = tmp_path / "movies-1990s.json"
    path.write_text(text[: cut + 50])
    with pytest.raises(InputError, match=r"movies-1990s\.json is damaged or cut off after [12] records"):
        read(path)


def test_memory_holds_one_piece_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "_RECORD_LIMIT", 10_000)
    endless = iter(["[", *['{"a": "' + "x" * 1000] * 100])
    pieces = 0

    def more() -> str:
        nonlocal pieces
        pieces += 1
        return next(endless)

    with pytest.raises(InputError, match="damaged"):
        list(json_files.records(more, "x"))
    assert pieces < 20
