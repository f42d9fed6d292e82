"""A whole public data set into a folder."""

import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from cinefile import __version__
from cinefile.errors import FetchError
from cinefile.fetch import kaggle
from cinefile.fetch.download import download, read_md5
from cinefile.fetch.options import Options
from cinefile.fetch.sets import PublicSet


@dataclass(frozen=True)
class Fetched:
    """A data set that is here now.

    Attributes:
        name: of the set.
        folder: where it lies; give it to `cinefile ingest`.
        files: path -> bytes.
        received: bytes downloaded now; 0 when all was here.
        terms: on which terms it may be used.
    """

    name: str
    folder: Path
    files: dict[str, int]
    received: int
    terms: str

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**asdict(self), "folder": str(self.folder)}


def fetch(wanted: PublicSet, folder: Path, options: Options | None = None) -> Fetched:
    """Download the files of a set that are not here yet.

    Args:
        wanted: the set.
        folder: made when missing.
        options: see Options.

    Raises:
        FetchError: see download.
        MissingExtraError: a set of Kaggle without `kagglehub`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"{folder} cannot be made: {error.strerror}.", "Choose another folder with --to.") from error
    received = kaggle.download(wanted.kaggle, folder) if wanted.kaggle else _over_http(wanted, folder, options)
    files = {str(p): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file() and ".part" not in p.suffixes}
    return Fetched(wanted.name, folder, files, received, wanted.terms)


def _over_http(wanted: PublicSet, folder: Path, options: Options | None) -> int:
    received = 0
    with httpx.Client(headers={"User-Agent": f"cinefile/{__version__}"}) as client:
        for url in wanted.urls:
            target = folder / url.rsplit("/", 1)[-1]
            if target.exists():
                continue
            md5 = read_md5(client, f"{url}.md5", options) if wanted.checksums else ""
            received += download(client, url, target, md5=md5, options=options)
            if not md5 and target.suffix == ".zip":
                _check_zip(target)
    return received


def _check_zip(path: Path) -> None:
    """Where no checksum is published, the zip's own have to do."""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except zipfile.BadZipFile:
        broken = path.name
    if broken:
        path.unlink()
        raise FetchError(f"{path.name} arrived damaged ({broken}) and was removed.", "Run the command again.")
