"""What templates show where the library's own answers say too little."""

from dataclasses import asdict, dataclass, field
from typing import Any

from cinefile.catalogue.questions.answers import Film


@dataclass(frozen=True)
class Shown:
    """A film on a card: a note on its figure, or the reasons why it stands there."""

    film_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    note: str = ""
    reasons: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def shown(film: Film, note: str = "", reasons: list[str] | None = None) -> Shown:
    """A film of the library on a card; predicted genres stand in where none is given."""
    return Shown(film.film_id, film.title, film.year, film.genres or film.predicted_genres, note, reasons or [])
