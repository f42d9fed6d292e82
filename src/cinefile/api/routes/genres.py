"""Genres of plots."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from cinefile.answers import Tags
from cinefile.api.parameters import Lib, Text, Threshold, Year
from cinefile.errors import InputError
from cinefile.limits import LONGEST_PLOT, MOST_EXPLAINED, MOST_PLOTS

router = APIRouter(prefix="/api/genres", tags=["genres"])
# By name only: no path that a client sends is ever opened.
Model = Literal["multilabel", "imdb27"]
_MODELS = "multilabel: any number of 24 genres; imdb27: one of 27, whose probabilities add up to 1."
_CUT = "Least probability; tuned: each genre's own; common: one tuned for all."
_TOP = "Give this many genres, whatever their probability."
_EXPLAIN = f"Give the words that carried each genre; for {MOST_EXPLAINED} plots at most."
Plot = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PLOT)]
Cut = Threshold | Literal["tuned", "common"]
Top = Annotated[int, Field(ge=1, le=27)]


class TagRequest(BaseModel):
    """One plot, or several at once, with titles and years where they are known."""

    plot: Plot | None = None
    title: Text | None = None
    year: Year | None = None
    plots: list[Plot] | None = Field(default=None, min_length=1, max_length=MOST_PLOTS)
    titles: list[Text | None] | None = Field(default=None, description="One per plot; they help.")
    years: list[Year | None] | None = Field(default=None, description="One per plot; they help.")
    threshold: Cut = Field(default=0.1, description=_CUT)
    top: Top | None = Field(default=None, description=_TOP)
    explain: bool = Field(default=False, description=_EXPLAIN)
    model: Model = Field(default="multilabel", description=_MODELS)


class TagAnswers(BaseModel):
    """Genres of each plot, in the order given."""

    results: list[Tags]


@router.get("")
def tag(
    lib: Lib,
    plot: Annotated[str, Query(min_length=1, max_length=LONGEST_PLOT, description="The text.")],
    title: Annotated[Text | None, Query(description="Title, if known; it helps.")] = None,
    year: Annotated[Year | None, Query(description="Year of release, if known; it helps.")] = None,
    threshold: Annotated[Cut, Query(description=_CUT)] = 0.1,
    top: Annotated[Top | None, Query(description=_TOP)] = None,
    explain: Annotated[bool, Query(description=_EXPLAIN)] = False,
    model: Annotated[Model, Query(description=_MODELS)] = "multilabel",
) -> Tags:
    """Genres of one plot with calibrated probabilities, at or above the threshold."""
    return lib.tag([plot], threshold, model, titles=[title], years=[year], top=top, explain=explain)[0]


@router.post("")
def tag_posted(lib: Lib, request: TagRequest) -> Tags | TagAnswers:
    """Genres of one plot (`plot`), or of several (`plots`; the answer then has `results`)."""
    single = request.plot is not None
    if single == (request.plots is not None):
        raise InputError("What is to be tagged?", "Give either plot or plots.")
    strangers = (request.titles, request.years) if single else (request.title, request.year)
    if strangers != (None, None):
        raise InputError("title and year go with plot, titles and years with plots.")
    found = lib.tag(
        request.plots or [request.plot or ""],
        request.threshold,
        request.model,
        titles=[request.title] if single else request.titles,
        years=[request.year] if single else request.years,
        top=request.top,
        explain=request.explain,
    )
    return found[0] if single else TagAnswers(results=list(found))
