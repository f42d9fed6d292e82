"""Votes of one film, with a number of votes to require."""

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.answers import Votes
from cinefile.catalogue.questions.checks import LARGEST_ID, checked_range
from cinefile.catalogue.questions.films import films_at, find_film


def film_votes(facts: Facts, film: int | str, minimum: int = 0) -> Votes:
    """Number of votes and their average; a film with fewer than `minimum` votes gets an answer without average.

    Raises:
        NotFoundError: no such film.
        InputError: several films have the title, or the minimum is negative.
    """
    checked_range(minimum, "minimum", 0, LARGEST_ID)
    (found,) = films_at(facts, [find_film(facts, film)])
    count = found.vote_count or 0
    enough = count >= max(minimum, 1)
    name = f"{found.title} ({found.year})" if found.year else found.title
    if enough:
        message = f"{name} has {count:,} votes with an average of {found.vote_average}."
    elif count:
        message = f"{name} has {count:,} votes, fewer than the {minimum:,} required: no average is given."
    else:
        message = f"{name} has no votes in this catalogue."
    return Votes(
        film_id=found.film_id,
        title=found.title,
        year=found.year,
        vote_count=count,
        vote_average=found.vote_average if enough else None,
        minimum=minimum,
        enough=enough,
        message=message,
    )
