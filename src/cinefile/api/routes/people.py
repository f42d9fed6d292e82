"""People by name, and one person."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from cinefile.answers import People, Person
from cinefile.api.parameters import Identifier, Lib, Text
from cinefile.limits import MOST_PEOPLE_LISTED

router = APIRouter(prefix="/api/people", tags=["people"])


@router.get("")
async def people(
    lib: Lib,
    name: Annotated[Text, Query(description="Name; typos and missing accents allowed.")],
    limit: Annotated[int, Query(ge=1, le=MOST_PEOPLE_LISTED, description="At most this many.")] = 20,
) -> People:
    """People by name: those called so, then those with all the words, else similar names. Several are all listed."""
    return lib.people(name, limit)


@router.get("/{person_id}")
async def person(
    lib: Lib, person_id: Annotated[Identifier, Path(description="Id of a person, as `/api/people` gives it.")]
) -> Person:
    """One person: as actor, number of films, total and mean return; as director, every film with its figures."""
    return lib.person(person_id)
