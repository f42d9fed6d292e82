"""One page per file: an APIRouter called `router`, and one line in PAGES."""

from fastapi import Request
from starlette.convertors import Convertor, register_url_convertor

from cinefile.library import Library


class _Identifier(Convertor[int]):
    """A number of at most ten digits in an address: `{film_id:id}`. Longer ones are no address of ours."""

    regex = "[0-9]{1,10}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", _Identifier())


def library_of(request: Request) -> Library:
    """The library that answers this request."""
    library: Library = request.state.library
    return library
