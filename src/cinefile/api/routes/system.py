"""The health of the server, and its metrics."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
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
    """Return requests and their times in Prometheus' text format."""
    counters: Metrics = request.app.state.metrics
    return PlainTextResponse(counters.text(), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})
