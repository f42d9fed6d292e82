"""One page per file: an APIRouter called `router`, and one line in PAGES."""

from fastapi import Request

from cinefile.library import Library


def library_of(request: Request) -> Library:
    """The library that answers this request."""
    library: Library = request.state.library
    return library
