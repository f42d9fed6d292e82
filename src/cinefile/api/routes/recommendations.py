"""Films that people will like. Ratings come with the request, and are neither stored nor logged."""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Path, UploadFile
from pydantic import BaseModel, Field

from cinefile.answers import ExportReport, FilmsToRate, GroupPicks, Picks
from cinefile.api.parameters import Chosen, Dial, FilterFields, Identifier, K, Lib, Share
from cinefile.errors import InputError
from cinefile.limits import LARGEST_GROUP, MOST_FILMS, MOST_RATINGS

router = APIRouter(prefix="/api", tags=["recommendations"])


class Rating(BaseModel):
    """Stars that somebody gave to a film."""

    film_id: Identifier
    stars: float = Field(ge=0.5, le=5, allow_inf_nan=False)


Rated = Annotated[list[Rating], Field(max_length=MOST_RATINGS)]


class _Wishes(FilterFields):
    k: int = Field(default=10, ge=1, le=MOST_FILMS, description="How many films.")
    exclude: list[Identifier] = Field(default=[], max_length=20_000, description="Ids of films to leave out.")
    rarity: Dial = Field(default=0.0, description="From -1, what everybody watches, to 1, what few know.")
    diversity: Share = Field(default=0.0, description="More makes the films less like each other.")


class RecommendationRequest(_Wishes):
    """A person's ratings, and which films may be recommended."""

    ratings: Annotated[Rated, Field(min_length=1)]


class GroupRequest(_Wishes):
    """The ratings of several people, and which films may be recommended."""

    group: list[Annotated[Rated, Field(min_length=1)]] = Field(min_length=1, max_length=LARGEST_GROUP)
    aggregation: Literal["average", "least_misery", "without_misery"] = Field(
        default="without_misery",
        description="The best mean, the best for whoever likes it least, or the mean without films somebody dislikes.",
    )


class RateNextRequest(BaseModel):
    """A person's ratings so far."""

    ratings: Rated = []
    k: int = Field(default=8, ge=1, le=MOST_FILMS, description="How many films.")


@router.post("/recommendations")
def recommendations(lib: Lib, request: RecommendationRequest) -> Picks:
    """The k films that the person would give the most stars to, with an interval and the ratings that speak for it."""
    return lib.recommend(
        _stars(request.ratings),
        k=request.k,
        exclude=request.exclude,
        rarity=request.rarity,
        diversity=request.diversity,
        **request.chosen(),
    )


@router.post("/recommendations/group")
def group_recommendations(lib: Lib, request: GroupRequest) -> GroupPicks:
    """The k films for several people who watch together, with the stars that each would give."""
    return lib.recommend_for_group(
        [_stars(ratings) for ratings in request.group],
        request.k,
        aggregation=request.aggregation,
        exclude=request.exclude,
        rarity=request.rarity,
        diversity=request.diversity,
        **request.chosen(),
    )


@router.post("/recommendations/rate-next")
def rate_next(lib: Lib, request: RateNextRequest) -> FilmsToRate:
    """The films whose stars would tell most about the person."""
    return lib.what_to_rate_next(_stars(request.ratings), request.k)


@router.post("/exports")
def match_export(
    lib: Lib, file: Annotated[UploadFile, File(description="A Letterboxd zip, IMDb ratings, a CSV.")]
) -> ExportReport:
    """Which film each row of somebody's export is, and how sure that is. The file is read in memory and not kept."""
    return lib.match_export(file.file.read())


@router.get("/users/{user_id}/recommendations")
def user_recommendations(
    lib: Lib,
    user_id: Annotated[Identifier, Path(description="A user of the ratings in the catalogue.")],
    chosen: Chosen,
    k: K = 10,
) -> Picks:
    """The same for a user of the ratings in the catalogue."""
    return lib.recommend(user=user_id, k=k, **chosen)


def _stars(ratings: list[Rating]) -> dict[int, float]:
    """Stars by film id.

    Raises:
        InputError: a film is rated twice.
    """
    found = {rating.film_id: rating.stars for rating in ratings}
    if len(found) < len(ratings):
        raise InputError("Some films are rated twice.", "Give each film once.")
    return found
