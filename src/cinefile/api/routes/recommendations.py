"""Films that a person will like. Ratings come with the request, and are neither stored nor logged."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from cinefile.answers import Picks
from cinefile.api.parameters import Identifier, K, Lib
from cinefile.errors import InputError
from cinefile.limits import MOST_FILMS, MOST_RATINGS

router = APIRouter(prefix="/api", tags=["recommendations"])


class Rating(BaseModel):
    """Stars that somebody gave to a film."""

    film_id: Identifier
    stars: float = Field(ge=0.5, le=5, allow_inf_nan=False)


class RecommendationRequest(BaseModel):
    """A person's ratings."""

    ratings: list[Rating] = Field(min_length=1, max_length=MOST_RATINGS)
    k: int = Field(default=10, ge=1, le=MOST_FILMS)


@router.post("/recommendations")
def recommendations(lib: Lib, request: RecommendationRequest) -> Picks:
    """The k films that the person would give the most stars to, with an interval and the ratings that speak for it."""
    ratings = {r.film_id: r.stars for r in request.ratings}
    if len(ratings) < len(request.ratings):
        raise InputError("Some films are rated twice.", "Give each film once.")
    return lib.recommend(ratings, k=request.k)


@router.get("/users/{user_id}/recommendations")
def user_recommendations(
    lib: Lib, user_id: Annotated[Identifier, Path(description="A user of the ratings in the catalogue.")], k: K = 10
) -> Picks:
    """The same for a user of the ratings in the catalogue."""
    return lib.recommend(user=user_id, k=k)
