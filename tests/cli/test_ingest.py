import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cinefile.cli.app import app
from cinefile.errors import UnknownFormatError


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "ml"
    folder.mkdir()
    (folder / "movies.csv").write_text("movieId,title,genres\n1,Toy Story (1995),Comedy\n", encoding="utf-8")
    return folder


def run(arguments: list[str]) -> tuple[str, str]:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_json_has_the_promised_keys(films: Path, tmp_path: Path) -> None:
    out, _ = run(["ingest", str(films), "--db", str(tmp_path / "a.duckdb"), "--json"])
    document = json.loads(out)
    promised = ["films", "people", "ratings", "rows_read", "stored", "merged", "rejected", "seconds"]
    assert list(document)[:8] == promised
    assert [document[k] for k in promised[:7]] == [1, 0, 0, 1, 1, 0, 0]
    assert document["files"][0]["file"] == "movies.csv"


def test_words_on_stderr_and_quiet(films: Path, tmp_path: Path) -> None:
    db = str(tmp_path / "a.duckdb")
    out, err = run(["ingest", str(films), "--db", db])
    assert out.splitlines()[1].split("\t") == ["movielens", "movies.csv", "1", "1", "0", "0"]
    assert "1 films" in " ".join(err.split())
    _, err = run(["ingest", str(films), "--db", db])
    assert "not read again" in err
    _, err = run(["ingest", str(films), "--db", db, "--quiet"])
    assert err == ""


def test_an_unknown_format_lists_the_known(tmp_path: Path) -> None:
    arguments = ["ingest", str(tmp_path), "--db", str(tmp_path / "a.duckdb")]
    with pytest.raises(UnknownFormatError, match="MovieLens"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)
