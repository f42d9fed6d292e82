"""One page per file: an APIRouter called `router`, and one line in PAGES."""

from fastapi import Request

from cinefile.library import Library


def library_of(request: Request) -> Library:
    """The library that answers now; it may be exchanged while the server runs."""
    library: Library = request.app.state.holder.library
    return library
