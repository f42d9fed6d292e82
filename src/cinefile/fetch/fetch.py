"""Fetch a whole public data set into a folder, over HTTP or with Kaggle's own client."""

import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from cinefile import __version__
from cinefile.errors import FetchError, MissingExtraError
from cinefile.fetch.download import DownloadOptions, download, read_md5
from cinefile.fetch.public_sets import PublicSet

_CREDENTIALS = (
    "Kaggle may ask for an account: make a token at https://www.kaggle.com/settings (Create New Token), then save it "
    "as ~/.kaggle/kaggle.json, or set KAGGLE_USERNAME and KAGGLE_KEY. Some sets also want their terms accepted on "
    "their page. Without an account, download the set with a browser and give the file to cinefile ingest."
)


def download_from_kaggle(handle: str, folder: Path) -> int:
    """Download a set into a folder; kagglehub leaves alone what is there already.

    Args:
        handle: owner/name on Kaggle.
        folder: exists.

    Returns:
        Bytes downloaded.

    Raises:
        MissingExtraError: kagglehub is not installed.
        FetchError: Kaggle refused, or cannot be reached; the hint explains the credentials.
    """
    before = _size(folder)
    try:
        import kagglehub
        from kagglehub import exceptions
    except ImportError:
        raise MissingExtraError("kaggle", f"Downloading {handle} from Kaggle") from None
    refusals = (
        OSError,  # what requests raises, Kaggle's HTTP errors included
        exceptions.CredentialError,
        exceptions.UnauthenticatedError,
        exceptions.BackendError,
        exceptions.DataCorruptionError,
    )
    try:
        kagglehub.dataset_download(handle, output_dir=str(folder))
    except refusals as error:
        raise FetchError(f"Kaggle did not give {handle}: {error}.", _CREDENTIALS) from error
    return _size(folder) - before


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


@dataclass(frozen=True)
class Fetched:
    """A data set that has been downloaded.

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


def fetch(wanted: PublicSet, folder: Path, options: DownloadOptions | None = None) -> Fetched:
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
    received = download_from_kaggle(wanted.kaggle, folder) if wanted.kaggle else _over_http(wanted, folder, options)
    files = {str(p): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file() and ".part" not in p.suffixes}
    return Fetched(wanted.name, folder, files, received, wanted.terms)


def _over_http(wanted: PublicSet, folder: Path, options: DownloadOptions | None) -> int:
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
