"""`cinefile tag` and `cinefile train genres` on the shipped tagger."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import cinefile
from cinefile import load_tagger
from cinefile.cli.app import app
from cinefile.errors import InputError
from cinefile.genres import catalogue_genres

RUN = CliRunner()
PLOT = "A sheriff and an outlaw gunslinger face each other in a dusty frontier town in the old West."


def _json(*args: str) -> dict[str, object]:
    result = RUN.invoke(app, [*args, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    document: dict[str, object] = json.loads(result.stdout)
    return document


def test_one_plot() -> None:
    genres = _json("tag", PLOT)["genres"]
    assert genres[0]["genre"] == "Western"  # type: ignore[index]
    assert all(g["probability"] >= 0.1 for g in genres)  # type: ignore[attr-defined]
    only = _json("tag", PLOT, "--model", "imdb27", "--top", "2")["genres"]
    assert [len(only), only[0]["genre"]] == [2, "western"]  # type: ignore[arg-type,index]


def test_reasons_and_notes() -> None:
    document = _json("tag", PLOT, "--explain", "--top", "1")
    words = {w["text"] for w in document["why"]["Western"]}  # type: ignore[index]
    assert words & {"sheriff", "outlaw", "gunslinger", "frontier", "west"}
    assert "words" in _json("tag", "A shark attacks.")["notes"][0]  # type: ignore[index]


@pytest.mark.parametrize("args", [["tag"], ["tag", "x", "--file", "y"], ["tag", " "], ["tag", "x", "--threshold", "2"]])
def test_mistakes_are_named(args: list[str]) -> None:
    with pytest.raises(InputError):
        RUN.invoke(app, args, catch_exceptions=False)


def test_a_file_and_own_labels(tmp_path: Path) -> None:
    source = tmp_path / "films.csv"
    rows = [f'"{PLOT} No. {i}",frontier' for i in range(6)]
    rows += [f'"Two shy people fall in love in spring in Paris, number {i}.",' for i in range(6)]
    source.write_text("plot,tags\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert _json("tag", "--file", str(source))["tagged"] == 12
    assert len((tmp_path / "films.genres.jsonl").read_text(encoding="utf-8").splitlines()) == 12
    own = str(tmp_path / "own")
    assert _json("train", "genres", "--data", str(source), "--out", own, "--column", "tags")["labels"] == ["frontier"]
    genres = _json("tag", "The sheriff of a frontier town hunts an outlaw.", "--model", own, "--threshold", "0")[
        "genres"
    ]
    love = _json("tag", "Two people fall in love in Paris.", "--model", own, "--threshold", "0")["genres"]
    assert genres[0]["probability"] > 0.5 > love[0]["probability"]  # type: ignore[index]


@pytest.mark.train
def test_own_labels_with_a_model_of_the_zoo(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    source = tmp_path / "films.jsonl"
    rows = [{"plot": f"The sheriff rides, number {i}.", "genres": ["frontier"]} for i in range(5)]
    rows += [{"plot": f"Spring in Paris, number {i}.", "genres": ["city"]} for i in range(5)]
    source.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    own = str(tmp_path / "own")
    args = ["train", "genres", "--data", str(source), "--out", own, "--features", "counts", "--model"]
    assert _json(*args, "linear")["labels"] == ["city", "frontier"]
    assert _json("tag", "A sheriff.", "--model", own, "--top", "1")["genres"][0]["genre"] == "frontier"  # type: ignore[index]
    with pytest.raises(InputError, match="no tagger 'oracle'"):
        RUN.invoke(app, [*args[:-3], "--model", "oracle"], catch_exceptions=False)
    with pytest.raises(InputError, match="takes no --features"):
        RUN.invoke(app, [*args, "transformer"], catch_exceptions=False)


def test_a_catalogues_films_without_genres(small_catalogue_file: Path, tmp_path: Path) -> None:
    db = tmp_path / "films.duckdb"
    shutil.copyfile(small_catalogue_file, db)
    with duckdb.connect(str(db)) as connection:
        # Film 39 has a prediction of an earlier tagger; 1 has given genres beside its plot; 40 gets its first plot.
        connection.execute("DELETE FROM genres WHERE film_id IN (39, 40) AND NOT predicted")
        connection.execute(
            "INSERT INTO plots VALUES (39, 'tiny', ?), (40, 'tiny', 'Love.'), (40, 'long', ?)", [PLOT] * 2
        )
        given = connection.execute("SELECT * FROM genres WHERE NOT predicted ORDER BY ALL").fetchall()
    found = _json("tag", "--catalogue", str(db))
    assert (found["films"], found["tagged"], found["skipped"]) == (2, 2, 0)
    with duckdb.connect(str(db), read_only=True) as connection:
        assert connection.execute("SELECT * FROM genres WHERE NOT predicted ORDER BY ALL").fetchall() == given
    with cinefile.open(db) as library:
        for film_id in (39, 40):
            first = library.film(film_id).genres[0]
            assert (first.genre, first.predicted, first.sources) == ("Western", True, ("tagger",))
            assert first.probability is not None
            assert first.probability > 0.5
        assert not any(g.predicted for g in library.film(1).genres)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["films.duckdb"]


def test_a_catalogues_tagging_goes_on_where_it_was_stopped(small_catalogue_file: Path, tmp_path: Path) -> None:
    db = tmp_path / "films.duckdb"
    shutil.copyfile(small_catalogue_file, db)
    with duckdb.connect(str(db)) as connection:
        connection.execute("DELETE FROM genres; DELETE FROM plots")
        connection.execute("INSERT INTO plots SELECT film_id, 'tiny', ? || film_id FROM films", [PLOT])
    before = db.read_bytes()

    def stop(done: int, of: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    tagger = load_tagger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_genres, "BATCH", 10)
        with pytest.raises(KeyboardInterrupt):
            catalogue_genres.tag_catalogue(tagger, db, progress=stop)
    assert db.read_bytes() == before
    with next(tmp_path.glob("*.partial.jsonl")).open("a", encoding="utf-8") as file:
        file.write('{"key": "torn')
    found = catalogue_genres.tag_catalogue(tagger, db)
    assert (found.tagged, found.skipped) == (found.films - 20, 20)
    with duckdb.connect(str(db), read_only=True) as connection:
        films = connection.execute("SELECT count(DISTINCT film_id) FROM genres WHERE predicted").fetchall()
    assert films == [(found.films,)]


def test_tagging_loads_nothing_heavy() -> None:
    code = (
        "import sys; import cinefile; cinefile.load_tagger().predict_proba(['a plot']);"
        "print([m for m in ('torch','sklearn','transformers','pandas','matplotlib','scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
