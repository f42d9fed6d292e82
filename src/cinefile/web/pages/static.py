"""Static files, covers as pictures, and what browsers and crawlers ask for by name."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from cinefile.errors import NotFoundError
from cinefile.web.pages import library_of
from cinefile.web.rendering import assets, cover

router = APIRouter(include_in_schema=False)
_FOREVER = "public, max-age=31536000, immutable"


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """A file from memory: no path of a client is ever opened."""
    found = assets().get(name)
    if found is None:
        raise NotFoundError(f"There is no file {name!r}.")
    headers = {
        "cache-control": _FOREVER if request.query_params.get("v") == found.digest else "no-cache",
        "vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "content-encoding": "gzip"}, media_type=found.media_type)
    return Response(found.content, headers=headers, media_type=found.media_type)


@router.get("/cover/{film_id:id}.svg")
def cover_picture(request: Request, film_id: int) -> Response:
    """A film's cover as a picture of its own."""
    found = library_of(request).films_with_ids([film_id]).get(film_id)
    if found is None:
        raise NotFoundError(f"There is no film with id {film_id}.")
    return Response(
        str(cover(found, found.title, alone=True)),
        headers={"cache-control": "max-age=86400"},
        media_type="image/svg+xml",
    )


@router.get("/robots.txt")
async def robots() -> Response:
    """Crawlers may read the pages, not run the models."""
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /tag\nDisallow: /search\n")
