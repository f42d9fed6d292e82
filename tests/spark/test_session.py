"""What is said when the pieces for Spark are missing, and the options of the command line."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.spark.conftest import World
from typer.testing import CliRunner

from cinefile.cli.app import app
from cinefile.cli.spark_options import cluster
from cinefile.errors import InputError, MissingExtraError
from cinefile.spark import session
from cinefile.spark.shared_files import Folder, resolved


def test_without_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r'pip install "cinefile\[spark\]"'):
        session.check()


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(MissingExtraError, match="Java 17 or newer, and none was found"):
        session.check()
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    java.chmod(java.stat().st_mode | stat.S_IEXEC)
    with pytest.raises(MissingExtraError, match="is Java 8"):
        session.check()


def test_a_setting_without_value() -> None:
    with pytest.raises(InputError, match="NAME=VALUE"), cluster("local[1]", ["spark.executor.memory"]):
        pass


def test_paths_and_schemes(tmp_path: Path) -> None:
    assert resolved(str(tmp_path))[1] == str(tmp_path)
    with pytest.raises(InputError, match="hdfs://"):
        resolved("gopher://host/ratings")
    folder = Folder(str(tmp_path / "a"))
    assert folder.read_json("x.json") is None
    folder.write_json("x.json", {"a": 1})
    assert folder.read_json("x.json") == {"a": 1}
    assert folder.names() == ["x.json"]
    with pytest.raises(InputError, match="not empty"):
        folder.renew()
    assert folder.names() == ["x.json"]
    fresh = Folder(str(tmp_path / "fresh"))
    fresh.renew()
    fresh.write_json("y.json", {})
    fresh.renew()
    assert fresh.names() == []
    (tmp_path / "a" / "x.json").write_text("{")
    with pytest.raises(InputError, match="damaged"):
        folder.read_json("x.json")


@pytest.mark.spark
def test_the_commands(spark: Any, world: World, tmp_path: Path) -> None:
    db = tmp_path / "films.duckdb"
    db.write_bytes(world.films.read_bytes())

    def run(*arguments: str) -> dict[str, Any]:
        ran = CliRunner().invoke(app, [*arguments, "--engine", "spark", "--db", str(db), "--json"])
        if ran.exception is not None:
            raise ran.exception
        document: dict[str, Any] = json.loads(ran.stdout)
        return document

    result = run("ingest", str(world.ratings))
    assert list(result)[:8] == ["films", "people", "ratings", "rows_read", "stored", "merged", "rejected", "seconds"]
    assert (tmp_path / "films.ratings" / "store.json").is_file()
    facts = run("train", "taste", "--model", "ease")
    assert facts["ratings"] == result["stored"]
    assert facts["folder"] == str(tmp_path / "films.taste")
    out = tmp_path / "picks"
    assert run("recommend", "--all", str(out), "-k", "2") == {"people": facts["people"], "file": str(out)}
    with pytest.raises(InputError, match="--all"):
        run("recommend", "--user", "1")
