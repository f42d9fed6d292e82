"""Whether the server is well, and its counters."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from cinefile import __version__
from cinefile.api.middleware import Metrics
from cinefile.api.parameters import Lib

router = APIRouter(tags=["system"])


class Health(BaseModel):
    """The server answers, and with what."""

    status: str
    version: str
    catalogue: str
    films: int


@router.get("/health")
async def health(lib: Lib) -> Health:
    """Whether the server is well. The catalogue's file name stands without its folder."""
    return Health(status="ok", version=__version__, catalogue=lib.path.name, films=lib.films(size=1).total)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> PlainTextResponse:
    """Counters in Prometheus' text format."""
    counters: Metrics = request.app.state.metrics
    return PlainTextResponse(counters.text(), media_type="text/plain; version=0.0.4")
