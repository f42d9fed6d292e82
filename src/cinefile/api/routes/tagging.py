"""Genres of plots."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from cinefile.api.parameters import Lib, Threshold
from cinefile.errors import InputError
from cinefile.library.engine_answers import Tags
from cinefile.library.engines import LONGEST_PLOT, MOST_PLOTS

router = APIRouter(prefix="/api/genres", tags=["genres"])
# By name only: no path that a client sends is ever opened.
Model = Literal["multilabel", "imdb27"]
_MODELS = "multilabel: any number of 24 genres; imdb27: one of 27, whose probabilities add up to 1."
Plot = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PLOT)]


class TagRequest(BaseModel):
    """One plot, or several at once."""

    plot: Plot | None = None
    plots: list[Plot] | None = Field(default=None, min_length=1, max_length=MOST_PLOTS)
    threshold: Threshold = 0.1
    model: Model = Field(default="multilabel", description=_MODELS)


class TagAnswers(BaseModel):
    """Genres of each plot, in the order given."""

    results: list[Tags]


@router.get("")
def tag(
    lib: Lib,
    plot: Annotated[str, Query(min_length=1, max_length=LONGEST_PLOT)],
    threshold: Annotated[Threshold, Query()] = 0.1,
    model: Annotated[Model, Query(description=_MODELS)] = "multilabel",
) -> Tags:
    """Genres of one plot with calibrated probabilities, at or above the threshold."""
    return lib.tag([plot], threshold, model)[0]


@router.post("")
def tag_posted(lib: Lib, request: TagRequest) -> Tags | TagAnswers:
    """Genres of one plot (`plot`), or of several (`plots`; the answer then has `results`)."""
    if (request.plot is None) == (request.plots is None):
        raise InputError("What is to be tagged?", "Give either plot or plots.")
    if request.plot is not None:
        return lib.tag([request.plot], request.threshold, request.model)[0]
    return TagAnswers(results=list(lib.tag(request.plots or [], request.threshold, request.model)))
