"""Static files: read once, joined, packed and named by their content, so that a browser asks for each only once.

`static/css/*.css` and the fonts of covers become one sheet, `static/js/*.js` one script, in the order of their names.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cinefile.web.covers import font_rules

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class Asset:
    """One file as served."""

    content: bytes
    packed: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Every static file by name."""
    files = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    sheets = [p.read_bytes() for p in sorted((_FOLDER / "css").glob("*.css"))]
    files["site.css"] = b"\n".join([*sheets, font_rules().encode()])
    # Each script gets a scope of its own, as a module would, without a request of its own.
    scripts = (p.read_bytes() for p in sorted((_FOLDER / "js").glob("*.js")))
    files["site.js"] = b"\n".join(b"(() => {\n" + code + b"})();" for code in scripts)
    return {name: _asset(name, content) for name, content in files.items()}


def _asset(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Asset(content, gzip.compress(content, 9, mtime=0), _TYPES[Path(name).suffix], digest)


def asset_url(name: str) -> str:
    """Address of a static file, with its digest."""
    return f"/static/{name}?v={assets()[name].digest}"
