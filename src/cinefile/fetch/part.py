"""What has arrived of a file so far: `NAME.part`, and in `NAME.part.json` which version of the file it is a part of."""

import json
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass
class Part:
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
