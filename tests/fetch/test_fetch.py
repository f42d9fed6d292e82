"""Whole sets: several files, those that are here, Kaggle's, and the command."""

import hashlib
import io
import json
import sys
import types
import zipfile
from pathlib import Path

import pytest
from tests.fetch.server import Site, served
from typer.testing import CliRunner

from cinefile.cli.app import app
from cinefile.errors import FetchError, MissingExtraError, NotFoundError
from cinefile.fetch import SETS, PublicSet, fetch, find, public_sets


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def _zip(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ml/movies.csv", text)
    return out.getvalue()


def _set(*urls: str, checksums: bool = False, kaggle: str = "") -> PublicSet:
    return PublicSet("tiny", "Tiny", "little", "Do as you like.", "http://home/", urls, checksums, kaggle)


def test_files_that_are_here_are_left_alone(tmp_path: Path) -> None:
    content = _zip("movieId,title,genres\n1,A (1990),Drama\n")
    with served(Site({"/a.zip": content, "/a.zip.md5": hashlib.md5(content).hexdigest().encode()})) as site:
        wanted = _set(f"{site.url}/a.zip", checksums=True)
        first = fetch(wanted, tmp_path / "new" / "tiny")
        again = fetch(wanted, tmp_path / "new" / "tiny")
    assert (first.received, again.received) == (len(content), 0)
    assert first.files == again.files == {str(tmp_path / "new" / "tiny" / "a.zip"): len(content)}
    assert len(site.requests) == 2


def test_a_damaged_zip_without_a_checksum_is_found_out(tmp_path: Path) -> None:
    content = bytearray(_zip("x" * 1000))
    content[500] ^= 1
    with served(Site({"/a.zip": bytes(content)})) as site, pytest.raises(FetchError, match="arrived damaged"):
        fetch(_set(f"{site.url}/a.zip"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match="cannot be made"):
        fetch(_set(), tmp_path / "file" / "below")


def test_every_set_says_what_it_is_and_where_from() -> None:
    assert len({s.name for s in SETS}) == len(SETS)
    for known in SETS:
        assert find(known.name.upper()) is known
        assert all((known.title, known.holds, known.terms, known.home.startswith("https://")))
        assert bool(known.urls) != bool(known.kaggle)
        assert all(url.startswith("https://") for url in known.urls)
    with pytest.raises(NotFoundError, match="ml-25n"):
        find("ml-25n")


def test_kaggle_without_its_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(MissingExtraError, match=r"cinefile\[kaggle\]"):
        fetch(_set(kaggle="owner/tiny"), tmp_path)


def _kagglehub(refuse: bool) -> types.ModuleType:
    """A stand-in with the interface of kagglehub 1.0: the real one needs the network."""
    hub, errors = types.ModuleType("kagglehub"), types.ModuleType("kagglehub.exceptions")
    for name in ("CredentialError", "UnauthenticatedError", "BackendError", "DataCorruptionError"):
        setattr(errors, name, type(name, (Exception,), {}))

    def dataset_download(handle: str, *, output_dir: str) -> str:
        if refuse:
            raise errors.UnauthenticatedError("who are you?")
        (Path(output_dir) / "movies.csv").write_text(handle)
        return output_dir

    hub.exceptions = errors
    hub.dataset_download = dataset_download
    return hub


def test_kaggle_explains_its_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = _kagglehub(refuse=True)
    monkeypatch.setitem(sys.modules, "kagglehub", hub)
    monkeypatch.setitem(sys.modules, "kagglehub.exceptions", hub.exceptions)
    with pytest.raises(FetchError, match="who are you") as caught:
        fetch(_set(kaggle="owner/tiny"), tmp_path)
    assert "kaggle.json" in caught.value.hint
    assert "KAGGLE_KEY" in caught.value.hint


def test_kaggle_sets_arrive_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = _kagglehub(refuse=False)
    monkeypatch.setitem(sys.modules, "kagglehub", hub)
    monkeypatch.setitem(sys.modules, "kagglehub.exceptions", hub.exceptions)
    assert fetch(_set(kaggle="owner/tiny"), tmp_path).received == len("owner/tiny")


def test_the_command_prints_terms_on_stderr_and_json_on_stdout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Site({"/movies.json": b"[]"})) as site:
        monkeypatch.setattr(public_sets, "SETS", (_set(f"{site.url}/movies.json"),))
        result = CliRunner().invoke(app, ["fetch", "tiny", "--to", str(tmp_path), "--json"])
    assert result.exit_code == 0
    assert "Do as you like." in result.stderr
    assert json.loads(result.stdout) == {
        "name": "tiny", "folder": str(tmp_path), "files": {str(tmp_path / "movies.json"): 2}, "received": 2,
        "terms": "Do as you like.",
    }  # fmt: skip


def test_the_command_lists_all_sets() -> None:
    result = CliRunner().invoke(app, ["fetch", "--list", "--json"])
    assert [s["name"] for s in json.loads(result.stdout)["sets"]] == [s.name for s in SETS]
