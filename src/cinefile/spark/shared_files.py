"""Files that driver and executors share, on whatever file system: local or mounted, HDFS, S3, GCS, Azure."""

import json
import uuid
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from pyarrow import fs

from cinefile.errors import InputError

_OURS = "_cinefile"


@lru_cache(maxsize=64)
def resolved(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system of a path or URI, and the path on it.

    Raises:
        InputError: a scheme that is not known, or a file system that cannot be reached.
    """
    if "://" not in uri:
        return fs.LocalFileSystem(), str(Path(uri).expanduser().resolve())
    scheme, _, rest = uri.partition("://")
    try:
        # Spark's names for S3 are Hadoop's connectors; the store is the same.
        system, path = fs.FileSystem.from_uri(f"{'s3' if scheme in ('s3a', 's3n') else scheme}://{rest}")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError(
            f"{uri} cannot be reached: {error}.",
            "Give a path that all machines share, or one that starts with hdfs://, s3://, gs:// or abfs://.",
        ) from error
    return system, path


class Folder:
    """A folder, given by path or URI.

    Args:
        uri: where it is; it need not exist.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri.rstrip("/")

    def __str__(self) -> str:
        return self.uri

    def at(self, name: str) -> "Folder":
        """A folder in it."""
        return Folder(f"{self.uri}/{name}")

    def names(self) -> list[str]:
        """Names of the files directly in it, in order; without those that are being written."""
        system, path = resolved(self.uri)
        found = system.get_file_info(fs.FileSelector(path, allow_not_found=True))
        return sorted(f.base_name for f in found if f.is_file and not f.base_name.startswith((".", "_")))

    def write(self, name: str, writer: Callable[[Any], Any]) -> None:
        """Write a file aside, then put it in place: readers see it whole or not at all, and a second writer of the
        same content does no harm.

        Args:
            name: of the file.
            writer: writes to the open file that it is given.
        """
        system, path = resolved(self.uri)
        system.create_dir(path, recursive=True)
        aside = f"{path}/.{name}.{uuid.uuid4().hex}"
        with system.open_output_stream(aside) as stream:
            writer(stream)
        system.move(aside, f"{path}/{name}")

    def write_json(self, name: str, document: dict[str, Any]) -> None:
        """Write a JSON file."""
        content = (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
        self.write(name, lambda stream: stream.write(content))

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        system, path = resolved(self.uri)
        try:
            with system.open_input_stream(f"{path}/{name}") as stream:
                content: bytes = stream.read()
        except FileNotFoundError:
            return None
        return content

    def read_json(self, name: str) -> dict[str, Any] | None:
        """What a JSON file holds; None where there is none."""
        content = self.read(name)
        if content is None:
            return None
        try:
            document: dict[str, Any] = json.loads(content)
        except ValueError as error:
            raise InputError(f"{self.uri}/{name} is damaged: {error}.", "Make the folder again.") from error
        return document

    def open(self, name: str) -> Any:
        """A file for random access; where the file system is local, its bytes are mapped and not copied."""
        system, path = resolved(self.uri)
        if isinstance(system, fs.LocalFileSystem):
            return pa.memory_map(f"{path}/{name}")
        return system.open_input_file(f"{path}/{name}")

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        system, path = resolved(self.uri)
        if system.get_file_info(f"{path}/{name}").is_file:
            system.delete_file(f"{path}/{name}")

    def renew(self) -> None:
        """Make it an empty folder of cinefile's; what an earlier run of the engine left in it goes.

        Raises:
            InputError: there is something in it, and no engine put it there.
        """
        system, path = resolved(self.uri)
        inside = system.get_file_info(fs.FileSelector(path, allow_not_found=True))
        if inside and not any(file.base_name == _OURS for file in inside):
            raise InputError(
                f"{self.uri} is not empty, and no folder that cinefile made.", "Nothing was changed there."
            )
        self.clear()
        self.write(_OURS, lambda stream: stream.write(b"Written by cinefile's Spark engine.\n"))

    def clear(self) -> None:
        """Remove it with all that is in it."""
        system, path = resolved(self.uri)
        if system.get_file_info(path).type != fs.FileType.NotFound:
            system.delete_dir(path)


def files_under(uri: str, endings: tuple[str, ...]) -> list[tuple[str, int]]:
    """URIs and sizes of all files under a path, itself included, with one of the endings; hidden ones left out.

    Raises:
        InputError: there is nothing.
    """
    system, path = resolved(uri)
    info = system.get_file_info(path)
    if info.type == fs.FileType.NotFound:
        raise InputError(f"{uri} does not exist.")
    if info.is_file:
        return [(uri, info.size)]
    found = []
    for file in system.get_file_info(fs.FileSelector(path, recursive=True)):
        inside = PurePosixPath(file.path).relative_to(PurePosixPath(path))
        hidden = any(part.startswith((".", "_")) for part in inside.parts)
        if file.is_file and not hidden and file.path.lower().endswith(endings):
            found.append((f"{uri.rstrip('/')}/{inside}", file.size))
    return sorted(found)


def open_file(uri: str) -> Any:
    """A file for random access."""
    system, path = resolved(uri)
    return system.open_input_file(path)
