"""Templates, and the answer that a page is: language, address and compression worked out once for all pages."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import duckdb
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cinefile.answers import Film
from cinefile.library import Library
from cinefile.web.covers import backdrop_svg, cover_svg, font_rules
from cinefile.web.i18n import LANGUAGES, Translator, negotiate, translator


@dataclass(frozen=True)
class Shown:
    """A film on a card: a note on its figure, or the reasons why it stands there."""

    film_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    note: str = ""
    reasons: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def shown(film: Film, note: str = "", reasons: list[str] | None = None) -> Shown:
    """A film of the library on a card; predicted genres stand in where none is given."""
    return Shown(film.film_id, film.title, film.year, film.genres or film.predicted_genres, note, reasons or [])


NAV = (("home", "/"), ("browse", "/browse"), ("tag", "/tag"), ("foryou", "/for-you"), ("inside", "/inside"))
_PACK_FROM = 1_000  # bytes; below, packing costs more than it saves


class HasCover(Protocol):
    """What a cover is drawn from."""

    @property
    def film_id(self) -> int:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def year(self) -> int | None:
        """Its year."""


def cover(film: HasCover, label: str = "", *, alone: bool = False) -> Markup:
    """A film's cover, ready for a page, or as a file of its own."""
    return Markup(cover_svg(film.film_id, film.title, film.year, _genre_names(film), label, alone=alone))


def backdrop(film: HasCover) -> Markup:
    """The colours of a film's cover as light behind its page's head."""
    return Markup(backdrop_svg(film.film_id, film.year, _genre_names(film)))


def _genre_names(film: HasCover) -> tuple[str, ...]:
    names = tuple(g if isinstance(g, str) else g.genre for g in getattr(film, "genres", ()))
    return names or tuple(getattr(film, "predicted_genres", ()))


@cache
def environment() -> Environment:
    """The templates, compiled once; everything put into them is escaped unless it is Markup."""
    made = Environment(
        loader=PackageLoader("cinefile.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(cover=cover, backdrop=backdrop, asset=asset_url, languages=LANGUAGES, nav=NAV)
    return made


def language_of(request: Request) -> str:
    """The language to answer a request in."""
    return negotiate(
        request.query_params.get("lang"), request.cookies.get("lang"), request.headers.get("accept-language")
    )


def speaker(request: Request) -> Translator:
    """The translator for a request."""
    return translator(language_of(request))


def render(
    request: Request, template: str, section: str = "", twin: str = "", *, kept: bool = False, **values: Any
) -> bytes:
    """A template as bytes.

    Args:
        request: for language and address.
        template: name of the file.
        section: key of NAV that the page belongs to.
        twin: address of the same content as JSON.
        kept: the page is kept for others, so nothing of this request's query may stand in it.
        values: for the template.
    """

    def here(**changes: object) -> str:
        asked = {} if kept else {k: v for k, v in request.query_params.items() if k != "lang"}
        return address(request.url.path, **{**asked, **changes})

    context: dict[str, Any] = {
        "query": "",
        "section": section,
        "twin": twin,
        "here": here,
        "t": speaker(request),
        "catalogue": _catalogue_of(request),
        **values,
    }
    return environment().get_template(template).render(context).encode()


def _catalogue_of(request: Request) -> str:
    """When the catalogue was made: tells the browser whether its film ids are those of another catalogue."""
    library: Library = request.app.state.holder.library
    try:
        return library.overview().created or ""
    except duckdb.Error:  # closed meanwhile; a page about an error can still be shown
        return ""


def respond(request: Request, body: bytes, packed: bytes | None = None, status: int = 200) -> Response:
    """HTML as an answer, packed where the browser takes it; a language asked for in the address is remembered."""
    headers = {"vary": "Accept-Encoding, Accept-Language, Cookie", "cache-control": "no-cache"}
    if len(body) >= _PACK_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = packed if packed is not None else gzip.compress(body, 4, mtime=0)
        headers["content-encoding"] = "gzip"
    response = Response(body, status, headers, "text/html; charset=utf-8")
    chosen = request.query_params.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie("lang", chosen, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def page(
    request: Request, template: str, section: str = "", twin: str = "", status: int = 200, **values: Any
) -> Response:
    """A rendered template as an answer; arguments as in `render`."""
    return respond(request, render(request, template, section, twin, **values), status=status)


class PageCache:
    """Rendered pages, least recently used out first. A catalogue does not change while it is open.

    Args:
        size: most pages to keep; a film's page takes some 40 kB with its packed form.
    """

    def __init__(self, size: int = 2_000) -> None:
        self.size = size
        self._owner: object = None
        self._kept: OrderedDict[object, tuple[bytes, bytes]] = OrderedDict()

    def get(self, owner: object, key: object) -> tuple[bytes, bytes] | None:
        """A page and its packed form. Another owner (a newly opened catalogue) empties the cache."""
        if self._owner is not owner:
            self._kept.clear()
            self._owner = owner
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, owner: object, key: object, make: Callable[[], bytes]) -> tuple[bytes, bytes]:
        """Make a page and keep it."""
        body = make()
        entry = body, gzip.compress(body, 6, mtime=0)
        if self._owner is owner:
            self._kept[key] = entry
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return entry


async def kept_page(
    cache: PageCache, request: Request, owner: object, key: object, make: Callable[[], bytes]
) -> Response:
    """A page from memory in the request's language, made in a worker thread when it is asked for the first time."""
    place = (key, language_of(request))
    entry = cache.get(owner, place)
    if entry is None:
        entry = await run_in_threadpool(cache.put, owner, place, make)
    return respond(request, *entry)


def address(path: str, **parameters: object) -> str:
    """A path with the parameters that are set."""
    query = urlencode({k: v for k, v in parameters.items() if v not in (None, "", 0)})
    return f"{path}?{query}" if query else path


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
