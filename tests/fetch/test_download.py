"""Downloads over a line that breaks, from servers that misbehave, onto a disk that fills up."""

import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.fetch.server import Site, served

from cinefile.errors import FetchError
from cinefile.fetch.download import DownloadOptions, download, read_md5

CONTENT = random.Random(5).randbytes(1_000_000)
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def site() -> Iterator[Site]:
    with served(Site({"/set.zip": CONTENT})) as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as pool:
        yield pool


class Sleeps:
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def test_a_whole_file_with_its_checksum(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    assert download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5) == len(CONTENT)
    assert (tmp_path / "set.zip").read_bytes() == CONTENT
    assert [p.name for p in tmp_path.iterdir()] == ["set.zip"]


def test_a_cut_connection_is_taken_up_where_it_broke(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    site.cut_after = [300_000, 200_000]
    sleeps = Sleeps()
    received = download(
        client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5, options=DownloadOptions(sleep=sleeps)
    )
    assert (tmp_path / "set.zip").read_bytes() == CONTENT
    assert received == len(CONTENT)
    assert [r for _, r in site.requests] == [None, "bytes=300000-", "bytes=500000-"]
    assert sleeps.seconds == [1.0, 1.0]


def test_a_second_run_goes_on_from_the_first(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    site.cut_after = [400_000]
    site.answer = [200, 503, 503, 503, 503, 503]
    sleeps = Sleeps()
    with pytest.raises(FetchError, match="503") as caught:
        download(client, f"{site.url}/set.zip", tmp_path / "set.zip", options=DownloadOptions(sleep=sleeps))
    assert "400,000 bytes are kept" in caught.value.hint
    assert sleeps.seconds == [1.0, 2.0, 4.0, 8.0]
    assert not (tmp_path / "set.zip").exists()
    site.answer = []
    assert download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5) == 600_000
    assert (tmp_path / "set.zip").read_bytes() == CONTENT


def test_a_server_that_ignores_ranges_sends_all_anew(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    site.cut_after, site.ranges = [300_000], False
    download(client, f"{site.url}/set.zip", tmp_path / "set.zip", options=DownloadOptions(sleep=Sleeps()))
    assert (tmp_path / "set.zip").read_bytes() == CONTENT


@pytest.mark.parametrize("etag", ['"two"', 'W/"one"'], ids=["changed", "weak"])
def test_a_part_of_another_version_is_not_continued(
    site: Site, client: httpx.Client, tmp_path: Path, etag: str
) -> None:
    site.cut_after, site.answer = [300_000], [200, 404]
    with pytest.raises(FetchError):
        download(client, f"{site.url}/set.zip", tmp_path / "set.zip", options=DownloadOptions(sleep=Sleeps()))
    assert (tmp_path / "set.zip.part").stat().st_size == 300_000
    site.files["/set.zip"], site.etag = CONTENT[::-1], etag
    download(client, f"{site.url}/set.zip", tmp_path / "set.zip")
    assert (tmp_path / "set.zip").read_bytes() == CONTENT[::-1]


def test_a_weak_etag_is_never_continued(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    site.etag, site.cut_after = 'W/"one"', [300_000]
    download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5, options=DownloadOptions(sleep=Sleeps()))
    assert [r for _, r in site.requests] == [None, None]


def test_a_part_that_is_whole_already_is_used(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    site.cut_after = [300_000]
    site.answer = [200, 404]
    with pytest.raises(FetchError):
        download(client, f"{site.url}/set.zip", tmp_path / "set.zip", options=DownloadOptions(sleep=Sleeps()))
    (tmp_path / "set.zip.part").write_bytes(CONTENT)
    assert download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5) == 0


def test_a_part_longer_than_the_file_is_dropped(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    site.cut_after, site.answer = [300_000], [200, 404]
    with pytest.raises(FetchError):
        download(client, f"{site.url}/set.zip", tmp_path / "set.zip", options=DownloadOptions(sleep=Sleeps()))
    (tmp_path / "set.zip.part").write_bytes(CONTENT + b"more")
    download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5, options=DownloadOptions(sleep=Sleeps()))
    assert (tmp_path / "set.zip").read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=f"checksum {MD5}, {'0' * 32} was expected"):
        download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5="0" * 32)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_not_tried_again(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="404 Not Found"):
        download(client, f"{site.url}/gone.zip", tmp_path / "gone.zip", options=DownloadOptions(sleep=Sleeps()))
    assert len(site.requests) == 1


def test_no_server_at_all(client: httpx.Client, tmp_path: Path) -> None:
    sleeps = Sleeps()
    with pytest.raises(FetchError, match="5 tries"):
        download(client, "http://127.0.0.1:9/set.zip", tmp_path / "set.zip", options=DownloadOptions(sleep=sleeps))
    assert len(sleeps.seconds) == 4


def test_more_than_the_disk_has_free_is_refused_before_it_starts(
    site: Site, client: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cinefile.fetch import download as module

    class Usage:
        free = 1000

    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage)
    with pytest.raises(FetchError, match=r"1,000,000 bytes are still to come, 1,000 are free"):
        download(client, f"{site.url}/set.zip", tmp_path / "set.zip")
    assert list(tmp_path.iterdir()) == []


# A process that may write no file over 400,000 bytes stands for a disk that fills up on the way.
_LIMITED = """
import resource, sys, httpx
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
from cinefile.errors import FetchError
from cinefile.fetch.download import download
with httpx.Client(trust_env=False) as client:
    try:
        download(client, sys.argv[1], Path(sys.argv[2]))
    except FetchError as error:
        sys.exit(f"{error.message} {error.hint}")
"""


def test_a_disk_that_fills_up_keeps_what_fits(site: Site, client: httpx.Client, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _LIMITED, f"{site.url}/set.zip", str(tmp_path / "set.zip")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(sys.path)})
    assert run.returncode == 1
    assert "cannot be written: File too large" in run.stderr
    assert "free some space" in run.stderr
    kept = (tmp_path / "set.zip.part").stat().st_size
    assert 0 < kept <= 400_000
    assert download(client, f"{site.url}/set.zip", tmp_path / "set.zip", md5=MD5) == len(CONTENT) - kept


@pytest.mark.parametrize("text", ["MD5 (set.zip) = {}\n", "{}  set.zip\n", "{}"])
def test_checksum_files_of_either_style(site: Site, client: httpx.Client, text: str) -> None:
    site.files["/set.zip.md5"] = text.format(MD5.upper()).encode()
    assert read_md5(client, f"{site.url}/set.zip.md5") == MD5


def test_a_checksum_file_without_a_checksum(site: Site, client: httpx.Client) -> None:
    site.files["/set.zip.md5"] = b"<html>"
    with pytest.raises(FetchError, match="no checksum"):
        read_md5(client, f"{site.url}/set.zip.md5")
