"""Parameters of requests, as annotated types: each says once what it is and what it accepts."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, Field

from cinefile.errors import InputError
from cinefile.library import Library
from cinefile.limits import LARGEST_ID, LONGEST_TEXT, MOST_FILMS, checked_text


def _clean(text: str) -> str:
    try:
        return checked_text(text, "text")
    except InputError as error:
        raise ValueError(str(error)) from error


def _library(request: Request) -> Library:
    library: Library = request.app.state.holder.library
    return library


Lib = Annotated[Library, Depends(_library)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_clean)]
Identifier = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Year = Annotated[int, Field(ge=1800, le=2200)]
Film = Annotated[Text, Path(description='Id of a film, or its title with the year: "Toy Story (1995)".')]
K = Annotated[int, Query(ge=1, le=MOST_FILMS, description="How many films.")]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="Page, from 1.")]
Threshold = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="Least probability.")]
