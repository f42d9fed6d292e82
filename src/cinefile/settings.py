"""The one table of settings: name, default, meaning. Each is read from the environment as CINEFILE_<NAME>.

`docs/settings.md` lists every row; a test fails when one is missing there.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cinefile.errors import InputError


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    default: str | int | float
    help: str

    @property
    def variable(self) -> str:
        """Name of the environment variable that sets it."""
        return f"CINEFILE_{self.name.upper()}"


SETTINGS = (
    Setting("db", "cinefile.duckdb", "Catalogue file that commands use when --db is not given."),
    Setting("cache", "~/.cache/cinefile", "Folder for downloads and cached text vectors."),
    Setting("threads", 0, "Number of threads for the database and the models; 0 means one per core."),
    Setting("memory_limit", "70%", "Largest amount of memory for DuckDB, as a size (4GB) or a share (70%)."),
    Setting("kept_answers", 4096, "Number of answers that the server caches in memory; 0 switches the cache off."),
    Setting("body_limit", 4_000_000, "Largest size of a request's body, in bytes."),
    Setting(
        "trusted_proxies", "", "Addresses of proxies whose X-Forwarded-For is believed, with commas; empty means none."
    ),
    Setting("rate_limit", 60.0, "Searches and model runs per second allowed to one address; 0 means no limit."),
)
_BY_NAME = {s.name: s for s in SETTINGS}


def get(name: str, environ: Mapping[str, str] = os.environ) -> str | int | float:
    """Return the value of a setting: from the environment if set there, else the default, in the default's type.

    Raises:
        KeyError: no such setting.
        InputError: the environment holds something of the wrong type.
    """
    setting = _BY_NAME[name]
    raw = environ.get(setting.variable)
    if raw is None or raw == "":
        return setting.default
    kind = type(setting.default)
    try:
        return kind(raw)
    except ValueError:
        raise InputError(f"{setting.variable}={raw!r} is not a {kind.__name__}.", setting.help) from None


def cache_folder() -> Path:
    """The cache folder, created when missing."""
    folder = Path(str(get("cache"))).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def threads() -> int:
    """Number of threads to use, at least one."""
    return int(get("threads")) or len(os.sched_getaffinity(0))
