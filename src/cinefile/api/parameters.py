"""Parameters of requests, as annotated types: each says once what it is and what it accepts."""

import inspect
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, BaseModel, Field

from cinefile.errors import InputError
from cinefile.library import Library
from cinefile.limits import LARGEST_ID, LONGEST_TEXT, MOST_FILMS, checked_text


def _clean(text: str) -> str:
    try:
        return checked_text(text, "text")
    except InputError as error:
        raise ValueError(str(error)) from error


async def _library(request: Request) -> Library:
    library: Library = request.state.library
    return library


Lib = Annotated[Library, Depends(_library)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_clean)]
Identifier = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Year = Annotated[int, Field(ge=1800, le=2200)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Dial = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Film = Annotated[Text, Path(description='Id of a film, or its title with the year: "Toy Story (1995)".')]
K = Annotated[int, Query(ge=1, le=MOST_FILMS, description="How many films.")]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="Page, from 1.")]
Threshold = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="Least probability.")]


class FilterFields(BaseModel):
    """Which films may be answered with; the same for lists, search, similar films and recommendations."""

    year: Year | None = Field(default=None, description="Year of release.")
    year_from: Year | None = Field(default=None, description="First year.")
    year_to: Year | None = Field(default=None, description="Last year.")
    decade: Year | None = Field(default=None, description="First year of a decade: 1990.")
    genre: Text | None = Field(default=None, description="In any usual spelling: Sci-Fi, science fiction.")
    language: Text | None = Field(default=None, description="ISO 639-1: es.")
    country: Text | None = Field(default=None, description="ISO 3166-1 alpha-2: ES.")
    runtime_from: Minutes | None = Field(default=None, description="Least running time in minutes.")
    runtime_to: Minutes | None = Field(default=None, description="Longest running time in minutes.")
    min_votes: Identifier | None = Field(default=None, description="Least number of votes.")
    person: Identifier | None = Field(default=None, description="Id of an actor or director.")

    def chosen(self) -> dict[str, Any]:
        """The filters that are set, as the library takes them."""
        return {name: value for name in FilterFields.model_fields if (value := getattr(self, name)) is not None}


async def _from_query(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


# Dependencies that only pass values on are coroutines: FastAPI runs plain functions in a thread, which takes longer.
# FastAPI reads a dependency's parameters from its signature: here they are the fields above, said once.
_from_query.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
    [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[field.annotation, Query(description=field.description)],
        )
        for name, field in FilterFields.model_fields.items()
    ]
)
Chosen = Annotated[dict[str, Any], Depends(_from_query)]
