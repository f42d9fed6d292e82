"""Download one file over HTTP: resumed where it was cut, checked, and put in its place whole or not at all."""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cinefile.errors import FetchError
from cinefile.progress import Progress, Silent


@dataclass(frozen=True)
class DownloadOptions:
    """How to download.

    Attributes:
        timeout: seconds without a byte after which a connection counts as cut.
        pause: seconds before the second try, doubled each time.
        progress: shown how far it is.
        sleep: waits some seconds.
    """

    timeout: float = 30.0
    pause: float = 1.0
    progress: Progress = field(default_factory=Silent)
    sleep: Callable[[float], None] = time.sleep


@dataclass
class PartialFile:
    """What has arrived so far."""

    path: Path

    @property
    def notes(self) -> Path:
        """The file beside it."""
        return self.path.with_name(self.path.name + ".json")

    @property
    def size(self) -> int:
        """Bytes that are here."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def validator(self, url: str) -> str:
        """What the server called the version of which this is a part; empty when unknown."""
        try:
            known = json.loads(self.notes.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        return str(known.get("version", "")) if isinstance(known, dict) and known.get("url") == url else ""

    def note(self, url: str, headers: httpx.Headers) -> None:
        """Keep what the server calls this version."""
        etag = headers.get("ETag", "")
        # A weak ETag may stand for other bytes of the same meaning: it cannot promise that two halves fit.
        version = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")
        self.notes.write_text(json.dumps({"url": url, "version": version}), encoding="utf-8")

    def drop(self) -> None:
        """Forget what has arrived."""
        self.path.unlink(missing_ok=True)
        self.notes.unlink(missing_ok=True)


_TRIES = 5
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class _CutError(Exception):
    """The connection was cut, or the server had a moment: worth another try."""


def download(
    client: httpx.Client, url: str, target: Path, *, md5: str = "", options: DownloadOptions | None = None
) -> int:
    """Download a file. A broken connection is resumed a few times, with growing pauses.

    Args:
        client: connection pool.
        url: where it lies.
        target: where to put it; its folder exists.
        md5: checksum to compare with, as hexadecimal digits; empty for none.
        options: see Options.

    Returns:
        Bytes that came over the wire now, less than the file where a part was here already.

    Raises:
        FetchError: no such file, no connection, no space left, or a wrong checksum. What has arrived is kept, unless
            its checksum is wrong.
    """
    how = options or DownloadOptions()
    part = PartialFile(target.with_name(target.name + ".part"))
    how.progress.begin(target.name)
    received, tries = 0, 0
    while True:
        before = part.size
        try:
            received += _attempt(client, url, part, how)
            break
        except _CutError as cut:
            gained = part.size - before
            received += max(0, gained)
            tries = 1 if gained > 0 else tries + 1
            if tries >= _TRIES:
                raise FetchError(
                    f"{url}: {cut} ({tries} tries).",
                    f"{part.size:,} bytes are kept; run the command again to go on from there.",
                ) from cut
            how.sleep(how.pause * 2 ** (tries - 1))
        except OSError as error:
            raise _disk(error, part) from error
    if md5 and (found := _md5(part.path)) != md5.lower():
        part.drop()
        raise FetchError(
            f"{target.name} has the checksum {found}, {md5.lower()} was expected; it was removed.",
            "Run the command again; if that happens twice, the file at its source has changed.",
        )
    os.replace(part.path, target)
    part.notes.unlink(missing_ok=True)
    return received


def _attempt(client: httpx.Client, url: str, part: PartialFile, how: DownloadOptions) -> int:
    """One request. Gives the bytes received; raises _CutError when they are not all."""
    at, version = part.size, part.validator(url)
    headers = {"Accept-Encoding": "identity"}
    if at and version:
        headers |= {"Range": f"bytes={at}-", "If-Range": version}
    try:
        with client.stream("GET", url, headers=headers, timeout=how.timeout, follow_redirects=True) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return _past_the_end(response, part, at)
            _check_status(response, url)
            at = _place(response, at)
            total = _total(response, at)
            _need_space(part, total - at if total is not None else 0)
            part.note(url, response.headers)
            return _receive(response, part, at, total, how.progress)
    except httpx.TransportError as error:
        raise _CutError(str(error) or type(error).__name__) from error


def _past_the_end(response: httpx.Response, part: PartialFile, at: int) -> int:
    """The server has nothing behind what is here: either this is all, or it is of another file."""
    if response.headers.get("Content-Range") == f"bytes */{at}":
        return 0
    part.drop()
    raise _CutError("what was here did not fit the file and was dropped")


def _check_status(response: httpx.Response, url: str) -> None:
    code = response.status_code
    if code >= 500 or code == httpx.codes.TOO_MANY_REQUESTS:
        raise _CutError(f"the server answered {code} {response.reason_phrase}")
    if code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        raise FetchError(
            f"{url}: the server answered {code} {response.reason_phrase}.",
            "The file may have moved: look at the set's page (cinefile fetch --list).",
        )


def _place(response: httpx.Response, at: int) -> int:
    """Where in the file the answer begins."""
    if response.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0
    match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if match is None or int(match[1]) != at:
        raise _CutError("the server sent another piece than the one asked for")
    return at


def _total(response: httpx.Response, at: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return at + int(length) if length.isdigit() else None


def _receive(response: httpx.Response, part: PartialFile, at: int, total: int | None, progress: Progress) -> int:
    done = at
    with part.path.open("r+b" if at else "wb") as file:
        file.seek(at)
        file.truncate()
        for chunk in response.iter_raw():
            file.write(chunk)
            # Written through at once, so that a cut at any moment keeps what was received.
            file.flush()
            done += len(chunk)
            progress.advance(done, total)
        os.fsync(file.fileno())
    if total is not None and done < total:
        raise _CutError(f"the connection ended after {done:,} of {total:,} bytes")
    return done - at


def _need_space(part: PartialFile, size: int) -> None:
    free = shutil.disk_usage(part.path.parent).free
    if size > free:
        raise FetchError(
            f"{size:,} bytes are still to come, {free:,} are free in {part.path.parent}.",
            "Free some space or choose another folder with --to.",
        )


def _disk(error: OSError, part: PartialFile) -> FetchError:
    return FetchError(
        f"{part.path} cannot be written: {error.strerror or error}.",
        f"{part.size:,} bytes are kept; free some space and run the command again, or choose another folder with --to.",
    )


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def read_md5(client: httpx.Client, url: str, options: DownloadOptions | None = None) -> str:
    """The checksum in an `.md5` file: "MD5 (ml-25m.zip) = 6b51…" or "6b51…  ml-25m.zip".

    Raises:
        FetchError: it cannot be read.
    """
    how = options or DownloadOptions()
    try:
        response = client.get(url, timeout=how.timeout, follow_redirects=True)
    except httpx.TransportError as error:
        raise FetchError(f"{url}: {error or type(error).__name__}.", "Is there a connection? Try again.") from error
    match = re.search(r"\b[0-9a-fA-F]{32}\b", response.text)
    if response.status_code != httpx.codes.OK or match is None:
        raise FetchError(f"{url}: the server answered {response.status_code} and no checksum.", "Try again later.")
    return match[0].lower()
