"""The questions that need the catalogue alone."""

from typing import TypedDict, Unpack

from cinefile.catalogue.questions import details, listing, people, releases, select, summaries, titles, votes
from cinefile.catalogue.questions.answers import Decades, FilmPage, Genres, People, Person, Releases, Table, Votes
from cinefile.catalogue.questions.film_answers import FilmDetails
from cinefile.catalogue.questions.listing import FilmFilters
from cinefile.library.base import OpenCatalogue


class Filters(TypedDict, total=False):
    """Keyword arguments of `films`: those of `FilmFilters`."""

    title: str | None
    year: int | None
    year_from: int | None
    year_to: int | None
    genre: str | None
    language: str | None
    country: str | None
    runtime_from: int | None
    runtime_to: int | None
    min_votes: int | None
    person: int | None
    sort: str | None


class Questions(OpenCatalogue):
    """Films, people, releases, summaries, SQL. Errors: `InputError` for what cannot be asked, `NotFoundError`."""

    def films(self, page: int = 1, size: int = 20, **filters: Unpack[Filters]) -> FilmPage:
        """One page of films by title (typos allowed), filters and sort order: see `FilmFilters`."""
        return listing.list_films(self.facts, FilmFilters(**filters), page, size)

    def film(self, film: int | str) -> FilmDetails:
        """All about one film, by id or by title: "Toy Story (1995)"."""
        return details.film_details(self.facts, film)

    def votes(self, film: int | str, minimum: int = 0) -> Votes:
        """Votes of a film and their average, when it has at least `minimum` votes."""
        return votes.film_votes(self.facts, film, minimum)

    def people(self, name: str, limit: int = 20) -> People:
        """People by name; several are listed, never guessed."""
        return people.find_people(self.facts, name, limit)

    def person(self, person_id: int) -> Person:
        """One person as actor and as director."""
        return people.find_person(self.facts, person_id)

    def releases(
        self, month: int | str | None = None, weekday: int | str | None = None, year: int | None = None
    ) -> Releases:
        """Number of films released in a month, on a weekday, or both; names in English or Spanish."""
        return releases.count_releases(self.facts, month, weekday, year)

    def genres(self) -> Genres:
        """All genres with their figures."""
        return summaries.genre_summaries(self.facts)

    def decades(self) -> Decades:
        """All decades with their figures."""
        return summaries.decade_summaries(self.facts)

    def sql(self, query: str, limit: int = 1000, seconds: float = 60.0) -> Table:
        """Rows of one reading SQL statement (DuckDB's dialect); see docs/catalogue.md for the tables."""
        return select.select(self.catalogue, query, limit, seconds)

    def warm(self) -> None:
        """Load what the first questions would otherwise wait for (a second for 100,000 films)."""
        titles.warm_titles(self.facts)
        people.warm_people(self.facts)
        details.warm_details(self.facts)
