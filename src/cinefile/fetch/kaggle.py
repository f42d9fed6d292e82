"""Sets that are only on Kaggle, through Kaggle's own client `kagglehub`."""

from pathlib import Path

from cinefile.errors import FetchError, MissingExtraError

_CREDENTIALS = (
    "Kaggle may ask for an account: make a token at https://www.kaggle.com/settings (Create New Token), then save it "
    "as ~/.kaggle/kaggle.json, or set KAGGLE_USERNAME and KAGGLE_KEY. Some sets also want their terms accepted on "
    "their page. Without an account, download the set with a browser and give the file to cinefile ingest."
)


def download(handle: str, folder: Path) -> int:
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
