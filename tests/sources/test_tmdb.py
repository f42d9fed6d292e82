"""TMDB records: Python literals, JSON columns and JSON lists give the same films; bad cells cost one row."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.sources.helpers import as_csv, metadata, metadata_row, read, reasons

from cinefile.sources.readers import csv_files

CAST = [
    {
        "cast_id": 1,
        "character": "Himself",
        "gender": 2,
        "id": 31,
        "name": "Tom O'Neil",
        "order": 0,
        "profile_path": None,
    },
    {"cast_id": 2, "character": 'The "Kid"', "gender": 9, "id": 32, "name": "Ann", "order": 1, "profile_path": "/x"},
]
CREW = [{"department": "Directing", "gender": 1, "id": 33, "job": "Director", "name": "Eve", "profile_path": None}]


def test_a_record_with_everything(tmp_path: Path) -> None:
    row = metadata_row(
        belongs_to_collection=repr({"id": 5, "name": "It's a set", "poster_path": None}),
        production_companies=repr([{"name": "A \"B\" 'C'", "id": 3}, {"name": "D", "id": 4}]),
        production_countries=repr([{"iso_3166_1": "FR", "name": "France"}]),
        imdb_id="tt0114709", overview="One,\ntwo “three”", revenue="5", tagline=" ", status="Released",
    )  # fmt: skip
    (tmp_path / "movies_metadata.csv").write_text(metadata(row), encoding="utf-8")
    (film,) = read(tmp_path)["film"]
    assert {k: v for k, v in film.items() if v is not None} == {
        "line": 2, "key": "7", "title": "A Film", "original_title": "Un film", "release_date": date(1999, 12, 31),
        "runtime": 81.0, "language": "fr", "status": "Released", "adult": False, "budget": 100, "revenue": 5,
        "popularity": 1.5, "vote_average": 7.5, "vote_count": 12, "imdb_id": "tt0114709", "tmdb_id": 7,
        "collection": {"tmdb_id": 5, "name": "It's a set"}, "genres": ["Drama"],
        "companies": [{"tmdb_id": 3, "name": "A \"B\" 'C'"}, {"tmdb_id": 4, "name": "D"}],
        "countries": [{"code": "FR", "name": "France"}], "plot": "One,\ntwo “three”",
    }  # fmt: skip


def test_cast_comes_before_crew_film_by_film(tmp_path: Path) -> None:
    rows = [
        {"id": "7", "cast": repr(CAST), "crew": repr(CREW)},
        {"id": "8", "cast": "[]", "crew": repr(CREW)},
        {"id": "9", "cast": repr(CAST[:1]), "crew": "[]"},
    ]
    (tmp_path / "movies_metadata.csv").write_text(metadata(metadata_row()), encoding="utf-8")
    (tmp_path / "credits.csv").write_text(as_csv(["cast", "crew", "id"], rows), encoding="utf-8")
    credits = read(tmp_path)["credit"]
    assert [[p["name"] for p in c["people"]] for c in credits] == [
        ["Tom O'Neil", "Ann", "Eve"],
        ["Eve"],
        ["Tom O'Neil"],
    ]
    ann, eve = credits[0]["people"][1:]
    assert ann == {"tmdb_id": 32, "name": "Ann", "gender": None, "department": "Acting", "job": "Actor",
                   "character": 'The "Kid"', "position": 1}  # fmt: skip
    assert (eve["department"], eve["job"], eve["position"], eve["gender"]) == ("Directing", "Director", None, 1)


BAD = {
    "a date in id": (metadata_row(id="1997-08-20"), "id '1997-08-20' is no positive whole number"),
    "no title": (metadata_row(title=" "), "no title"),
    "text in adult": (metadata_row(adult=" - Written by X"), "column adult is neither True nor False"),
    "cut genres": (metadata_row(genres="[{'id': 18, 'name': 'Dra"), "column genres cannot be read"),
    "a number for genres": (metadata_row(genres="12"), "column genres holds something else"),
    "numbers in genres": (metadata_row(genres="[1, 2]"), "column genres holds something else"),
    "a list for collection": (
        metadata_row(belongs_to_collection="[1]"),
        "column belongs_to_collection holds something",
    ),
    "code": (metadata_row(genres="__import__('os').abort()"), "column genres cannot be read"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_a_bad_row_is_rejected_and_its_neighbours_stay(tmp_path: Path, bad: dict[str, str], reason: str) -> None:
    rows = [metadata_row(id=1, overview="two\nlines"), bad, metadata_row(id=2, imdb_id="0", vote_count="")]
    text = metadata(*rows)
    (tmp_path / "movies_metadata.csv").write_text(text, encoding="utf-8")
    found = read(tmp_path)
    assert [(f["key"], f["line"], f["genres"]) for f in found["film"]] == [("1", 2, ["Drama"]), ("2", 5, ["Drama"])]
    assert found["film"][1]["vote_count"] is None
    assert found["film"][1]["imdb_id"] is None
    ((line, why),) = reasons(found)
    assert line == 4
    assert why.startswith(reason)
    assert found["reject"][0]["raw"].rstrip("\n") == text.split("\n")[3]


def test_headers_short_rows_odd_bytes_and_blank_lines_in_the_middle(tmp_path: Path) -> None:
    lines = metadata(metadata_row(id=1), metadata_row(id=2, title="Señor"), metadata_row(id=3)).splitlines()
    text = "\n".join([lines[0], lines[1], "", lines[0], "1,2,3", lines[2], lines[3]])
    (tmp_path / "movies_metadata.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("latin-1"))
    found = read(tmp_path)
    assert [(f["key"], f["line"], f["title"]) for f in found["film"]] == [
        ("1", 2, "A Film"), ("2", 6, "Señor"), ("3", 7, "A Film")
    ]  # fmt: skip
    assert reasons(found) == [(4, "the header again"), (5, "24 columns expected, 3 found")]
    assert found["reject"][0]["raw"].strip() == lines[0]


def test_both_ways_of_reading_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [metadata_row(id=n, title=f"Film {n}", overview="a\nb" * (n % 3)) for n in range(1, 400)]
    rows[100]["genres"], rows[200]["id"] = "[{", "x"
    rows[250]["genres"] = repr([{"id": 1, "name": None}, {"id": "2", "name": 3}, {"id": 4, "name": " It's \"\\ "}])
    (tmp_path / "movies_metadata.csv").write_text(metadata(*rows), encoding="utf-8")
    people = [{"id": str(n), "cast": repr(CAST * (n % 3)), "crew": repr(CREW * (n % 2))} for n in range(1, 400)]
    (tmp_path / "credits.csv").write_text(as_csv(["cast", "crew", "id"], people), encoding="utf-8")
    quick = read(tmp_path)
    assert [(f["line"], f["genres"]) for f in quick["film"] if f["key"] == "251"] == [
        (next(f["line"] for f in quick["film"] if f["key"] == "252") - 1 - 2, ["3", "It's \"\\"])
    ]
    assert len(quick["film"]) == 397
    assert len(quick["credit"]) == 399

    monkeypatch.setattr(csv_files.CsvTable, "_quick", _not_available)
    assert read(tmp_path) == quick


def _not_available(*_: object) -> Any:
    raise csv_files.pa.ArrowInvalid("not in this test")


def test_a_switch_half_way_loses_and_repeats_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "_BLOCK", 4096)
    rows = [metadata_row(id=n, overview="é" if n == 301 else "x") for n in range(1, 400)]
    (tmp_path / "movies_metadata.csv").write_bytes(metadata(*rows).encode("latin-1"))
    films = read(tmp_path)["film"]
    assert [f["tmdb_id"] for f in films] == list(range(1, 400))
    assert [f["line"] for f in films] == list(range(2, 401))
    assert films[300]["plot"] == "é"


def test_ten_megabytes_in_one_cell(tmp_path: Path) -> None:
    long = "x" * 10_000_000
    nested = repr([{"id": n, "name": "n" * 100} for n in range(80_000)])
    rows = [metadata_row(id=1, overview=long), metadata_row(id=2, production_companies=nested), metadata_row(id=3)]
    (tmp_path / "movies_metadata.csv").write_text(metadata(*rows), encoding="utf-8")
    films = read(tmp_path)["film"]
    assert [len(f["plot"] or "") for f in films] == [10_000_000, 0, 0]
    assert len(films[1]["companies"]) == 80_000


def test_an_open_quote_ends_in_one_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "_CELL_LIMIT", 1000)
    lines = metadata(*(metadata_row(id=n, genres="[]") for n in range(1, 50))).splitlines()
    lines[5] = lines[5].replace("Un film", '"Un film')
    (tmp_path / "movies_metadata.csv").write_text("\n".join(lines), encoding="utf-8")
    found = read(tmp_path)
    assert reasons(found)[0] == (6, "a cell of over 1,000 characters: is a quote left open?")
    swallowed = found["reject"][0]["raw"].count("\n")
    assert len(found["film"]) + len(found["reject"]) - 1 + swallowed == 49 + (
        not found["reject"][0]["raw"].endswith("\n")
    )


def test_5000_has_json_columns(tmp_path: Path) -> None:
    row = metadata_row(genres=json.dumps([{"id": 18, "name": "Drame é"}]), overview="A plot.")
    row["keywords"] = json.dumps([{"id": 1, "name": "sea"}])
    for column in ("production_companies", "production_countries"):
        row[column] = "[]"
    names = [c for c in [*row] if c not in ("adult", "belongs_to_collection", "imdb_id", "poster_path", "video")]
    (tmp_path / "tmdb_5000_movies.csv").write_text(as_csv(names, [{c: row[c] for c in names}]), encoding="utf-8")
    credit = {"movie_id": "7", "title": "A Film", "cast": json.dumps(CAST), "crew": json.dumps(CREW)}
    (tmp_path / "tmdb_5000_credits.csv").write_text(as_csv([*credit], [credit]), encoding="utf-8")
    found = read(tmp_path)
    assert (found["film"][0]["genres"], found["film"][0]["keywords"]) == (["Drame é"], ["sea"])
    assert [p["name"] for p in found["credit"][0]["people"]] == ["Tom O'Neil", "Ann", "Eve"]


def test_api_years_begin_with_a_placeholder(tmp_path: Path) -> None:
    record = {"adult": False, "belongs_to_collection": None, "budget": 0, "genres": [{"id": 18, "name": "Drama"}],
              "id": 7, "imdb_id": "tt0120607", "original_language": "en", "original_title": "X", "overview": "\ud83d",
              "popularity": 0.5, "production_companies": [{"id": 1, "logo_path": None, "name": "P"}],
              "production_countries": [], "release_date": "", "revenue": 0, "runtime": 81, "status": "", "tagline": "",
              "title": "X", "vote_average": 5.5, "vote_count": 2}  # fmt: skip
    shifted = record | {"id": 8, "genres": "Drama"}
    (tmp_path / "year.json").write_text(json.dumps([{"imdb_id": 0}, record, 5, shifted]), encoding="utf-8")
    found = read(tmp_path)
    (film,) = found["film"]
    assert (film["line"], film["key"], film["runtime"], film["release_date"], film["plot"]) == (2, "7", 81.0, None, "�")
    assert (film["companies"], film["keywords"]) == ([{"tmdb_id": 1, "name": "P"}], None)
    assert [r["line"] for r in found["reject"]] == [1, 3, 4]
    assert found["reject"][0]["reason"].startswith("a placeholder")
    assert found["reject"][0]["raw"] == '{"imdb_id": 0}'


def test_links_and_ratings_beside_belong_to_the_movies_dataset(tmp_path: Path) -> None:
    from cinefile.sources import recognise

    (tmp_path / "movies_metadata.csv").write_text(metadata(metadata_row()), encoding="utf-8")
    (tmp_path / "keywords.csv").write_text("id,keywords\n7,\"[{'id': 1, 'name': 'sea'}]\"\n8,[]\n9,[{\n")
    for name in ("links.csv", "links_small.csv"):
        (tmp_path / name).write_text("movieId,imdbId,tmdbId\n1,0114709,862\n")
    for name in ("ratings.csv", "ratings_small.csv"):
        (tmp_path / name).write_text("userId,movieId,rating,timestamp\n1,1,4.0,964982703\n")
    (dataset,) = recognise(tmp_path)
    assert dataset.source.name == "the-movies-dataset"
    assert [f.name for f in dataset.files] == ["movies_metadata.csv", "keywords.csv", "links.csv", "ratings.csv"]
    found = read(tmp_path)
    assert [(k["key"], k["keywords"]) for k in found["keyword"]] == [("7", ["sea"]), ("8", [])]
    assert [r["line"] for r in found["reject"]] == [4]
