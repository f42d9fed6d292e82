"""The library: one object that answers every question about a catalogue, for all of Python, CLI, HTTP and page."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

import duckdb

from cinefile import settings
from cinefile.answers import (
    Decades,
    FilmDetails,
    FilmPage,
    FoundFilm,
    FoundFilms,
    Genres,
    People,
    Person,
    PickedFilm,
    Picks,
    Reason,
    Releases,
    SimilarFilm,
    SimilarFilms,
    Table,
    Tag,
    Tags,
    Votes,
    Word,
)
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.catalogue.queries import film_lists, films, people, sql, summaries
from cinefile.catalogue.queries.films import find_film
from cinefile.errors import CatalogueError, CinefileError, InputError, ModelError, NotFoundError, TooLargeError
from cinefile.limits import LARGEST_ID, MOST_FILMS, MOST_RATINGS, checked_plots, checked_range
from cinefile.search import film_titles
from cinefile.text.language import notes

if TYPE_CHECKING:
    from cinefile.genres.genre_tagger import PlotTagger, Prediction
    from cinefile.search.film_search import FilmSearch
    from cinefile.similar import SimilarIndex, SimilarOptions
    from cinefile.taste import Pick, RatingModel

__all__ = ["Library", "default_path", "open_library"]

_STARTER = Path(__file__).resolve().parent / "starter" / "starter.duckdb"


def default_path() -> Path:
    """$CINEFILE_DB, else `cinefile.duckdb` in the current folder if it is there, else the starter catalogue.

    Raises:
        CatalogueError: there is none of these.
    """
    named = Path(str(settings.get("db"))).expanduser()
    if os.environ.get("CINEFILE_DB") or named.is_file():
        return named
    if _STARTER.is_file():
        return _STARTER
    raise CatalogueError(
        "There is no catalogue: $CINEFILE_DB is not set, no cinefile.duckdb here, and no starter catalogue installed.",
        "Make one with: cinefile ingest PATH --db FILE",
    )


_WORDS = 8


class Filters(TypedDict, total=False):
    """Keyword arguments of `films`: those of `FilmFilters`."""

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


class Library:
    """A catalogue and the models that go with it: every question, for Python, the command line, HTTP and the page.

    What is loaded from the catalogue is loaded on first use. Threads may share a library; close it, or use it in a
    `with`. What cannot be asked raises `InputError`, what is not there `NotFoundError`, a missing model `ModelError`.

    Args:
        path: catalogue file; None as in `cinefile.open`.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._stamp = _stamp(self.path)
        self.catalogue = Catalogue(self.path)
        self._lock = threading.RLock()
        self._closed = threading.Event()

    @cached_property
    def facts(self) -> FilmColumns:
        """Columns of the catalogue in memory."""
        return FilmColumns(self.catalogue)

    def replaced(self) -> bool:
        """Whether another file has been put in the catalogue's place since it was opened."""
        stamp = _stamp(self.path)
        return stamp is not None and stamp != self._stamp

    def in_background(self, work: Callable[[], object], name: str) -> None:
        """Do some work in a thread of its own; that the library is closed meanwhile ends it, and is no error."""

        def run() -> None:
            try:
                work()
            except (duckdb.Error, CinefileError):
                if not self._closed.is_set():
                    raise

        threading.Thread(target=run, daemon=True, name=name).start()

    def close(self) -> None:
        """Let go of the file."""
        self._closed.set()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def films(
        self,
        page: int = 1,
        size: int = 20,
        *,
        title: str | None = None,
        sort: str | None = None,
        **filters: Unpack[Filters],
    ) -> FilmPage:
        """One page of films by title (typos allowed), filters (see `FilmFilters`) and sort order."""
        return film_lists.list_films(self.facts, FilmFilters(**filters), page, size, title=title, sort=sort)

    def film(self, film: int | str) -> FilmDetails:
        """All about one film, by id or by title: "Toy Story (1995)"."""
        return films.film_details(self.facts, film)

    def votes(self, film: int | str, minimum: int = 0) -> Votes:
        """Votes of a film and their average, when it has at least `minimum` votes."""
        return films.film_votes(self.facts, film, minimum)

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
        return summaries.count_releases(self.facts, month, weekday, year)

    def genres(self) -> Genres:
        """All genres with their figures."""
        return summaries.genre_summaries(self.facts)

    def decades(self) -> Decades:
        """All decades with their figures."""
        return summaries.decade_summaries(self.facts)

    def sql(self, query: str, limit: int = 1000, seconds: float = 60.0) -> Table:
        """Rows of one reading SQL statement (DuckDB's dialect); see docs/catalogue.md for the tables."""
        return sql.select(self.catalogue, query, limit, seconds)

    def warm(self) -> None:
        """Load what the first questions would otherwise wait for (a second for 100,000 films)."""
        film_titles.warm_titles(self.facts)
        people.warm_people(self.facts)
        films.warm_details(self.facts)

    def tag(
        self,
        plots: Sequence[str],
        threshold: float | str = 0.1,
        model: str | None = None,
        *,
        titles: Sequence[str | None] | None = None,
        years: Sequence[int | None] | None = None,
        top: int | None = None,
        explain: bool = False,
    ) -> tuple[Tags, ...]:
        """Genres of plots, with notes on texts that are short or not English.

        Args:
            plots: at most MOST_PLOTS texts of at most LONGEST_PLOT characters.
            threshold: least probability, 0 to 1; or "tuned" (each genre's own) or "common" (one tuned for all).
            model: name of a shipped tagger, or None for the default.
            titles: titles where known, one per plot; they help.
            years: years of release where known, one per plot; they help.
            top: give this many genres, whatever their probability.
            explain: give the words that carried each genre; for at most MOST_EXPLAINED plots, as each takes about a
                hundred passes.

        Raises:
            InputError: an empty or over-long plot, a threshold that is none, or lists of different lengths.
            ModelError: no such model.
        """
        checked_plots(plots, threshold, explain)
        tagger = self.tagger(model)
        found = tagger.predict(plots, titles, years, threshold=threshold, top=top)
        return tuple(
            _tags(tagger, plot, titles[i] if titles else None, years[i] if years else None, genres, explain)
            for i, (plot, genres) in enumerate(zip(plots, found, strict=True))
        )

    def similar(self, film: int | str, k: int = 10, options: "SimilarOptions | None" = None) -> SimilarFilms:
        """The k films most like one, which is given by id or by title: "Toy Story (1995)".

        Args:
            film: id or title.
            k: how many.
            options: series in or out, decade, language, votes, fame, diversity; see `cinefile.similar.SimilarOptions`.
        """
        checked_range(k, "k", 1, MOST_FILMS)
        row = find_film(self.facts, film)
        found = self.neighbours().similar(int(self.facts.films.ids[row]), k, options, reasons=True)
        films = [
            SimilarFilm(f.film_id, f.title, f.year, float(f.score), f.reasons.text() if f.reasons else "")
            for f in found
        ]
        return SimilarFilms(tuple(films))

    def search(
        self,
        text: str,
        k: int = 10,
        *,
        year_from: int | None = None,
        year_to: int | None = None,
        genre: str | None = None,
        language: str | None = None,
        min_votes: int | None = None,
    ) -> FoundFilms:
        """Films by words: a title or name (typos allowed), or what the story is about.

        Raises:
            InputError: the text is empty or too long, or k is out of range.
        """
        checked_range(k, "k", 1, MOST_FILMS)
        filters = FilmFilters(year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes)
        found = self.film_search().search(text, k, filters)
        return FoundFilms(tuple(FoundFilm(f.film_id, f.title, f.year, float(f.score), tuple(f.by)) for f in found))

    def recommend(self, ratings: Mapping[int, float] | None = None, user: int | None = None, k: int = 10) -> Picks:
        """The k films that a person would give the most stars to, of those not rated yet.

        Args:
            ratings: stars (0.5 to 5) by film id, of anybody; nothing is stored.
            user: or a user id of the ratings in the catalogue.
            k: how many.

        Raises:
            InputError: neither or both are given, or stars, ids or k are out of range.
            NotFoundError: no such user, or no such film.
            ModelError: no taste model goes with this catalogue.
        """
        checked_range(k, "k", 1, MOST_FILMS)
        if (ratings is None) == (user is None):
            raise InputError("Whose taste?", "Give either ratings or a user id.")
        own = self._ratings_of(user) if user is not None else self._checked(ratings or {})
        picks = self.taste_model().recommend(own, k=k)
        names = self._names([i for p in picks for i in (p.film_id, *(film for film, _ in p.because))])
        return Picks(tuple(_picked(pick, names) for pick in picks))

    def tagger(self, model: str | None = None) -> "PlotTagger":
        """A tagger by name or folder, or the default one, for those who want more than `tag` says."""
        return self.facts.kept(("tagger", model), lambda: _load_tagger(model))

    def neighbours(self) -> "SimilarIndex":
        """What finds similar films in this catalogue."""
        from cinefile.similar import open_neighbours

        return self.facts.kept("neighbours", lambda: open_neighbours(self.catalogue, self.facts))

    def film_search(self) -> "FilmSearch":
        """What finds films of this catalogue by words."""
        from cinefile.search.film_search import FilmSearch

        return self.facts.kept("film search", lambda: FilmSearch(self.facts, self.neighbours().similarity))

    def taste_model(self) -> "RatingModel":
        """The rating model that goes with this catalogue."""
        return self.facts.kept("taste model", lambda: _load_taste(self.path))

    def _checked(self, ratings: Mapping[int, float]) -> Mapping[int, float]:
        if len(ratings) > MOST_RATINGS:
            raise TooLargeError(f"{len(ratings):,} ratings were given; at most {MOST_RATINGS:,} are accepted.")
        if not ratings:
            raise InputError("There are no ratings.", "Rate at least one film.")
        for film_id, stars in ratings.items():
            if not 0.5 <= stars <= 5.0:
                raise InputError(f"Film {film_id} has {stars} stars; stars go from 0.5 to 5.")
        unknown = [i for i in ratings if self.facts.films.row(i) is None]
        if unknown:
            raise NotFoundError(f"There are no films with these ids: {', '.join(map(str, unknown[:10]))}.")
        return ratings

    def _ratings_of(self, user: int) -> Mapping[int, float]:
        checked_range(user, "user", 0, LARGEST_ID)
        rows = self.facts.rows("SELECT source, film_id, stars FROM ratings WHERE user_id = ?", [user])
        if not rows:
            raise NotFoundError(f"There are no ratings of user {user} in this catalogue.")
        sources = sorted({source for source, _, _ in rows})
        # User ids mean something only inside one data set; the first by name is taken, always the same one.
        return {film_id: stars for source, film_id, stars in rows if source == sources[0]}

    def _names(self, film_ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
        rows = [r for i in dict.fromkeys(film_ids) if (r := self.facts.films.row(i)) is not None]
        columns = (self.facts.films.values(c, rows) for c in ("film_id", "title", "year"))
        return {film_id: (title, year) for film_id, title, year in zip(*columns, strict=True)}


def _tags(
    tagger: "PlotTagger",
    plot: str,
    title: str | None,
    year: int | None,
    genres: Sequence["Prediction"],
    explain: bool,
) -> Tags:
    """The answer for one plot; of the words, those that speak for a genre, the eight strongest."""
    words = tagger.explain(plot, title, year, genres=[g.genre for g in genres]) if explain and genres else {}
    tags = [
        Tag(
            g.genre,
            g.probability,
            tuple(Word(c.text, c.weight) for c in words.get(g.genre, ())[:_WORDS] if c.weight > 0),
        )
        for g in genres
    ]
    return Tags(tuple(tags), tuple(notes(plot).messages))


def _picked(pick: "Pick", names: Mapping[int, tuple[str, int | None]]) -> PickedFilm:
    low, high = pick.interval(0.8) or (None, None)
    because = tuple(Reason(film, *names[film], stars=float(adds)) for film, adds in pick.because if film in names)
    title, year = names[pick.film_id]
    return PickedFilm(pick.film_id, title, year, float(pick.stars), low, high, because)


def _load_tagger(name: str | None) -> "PlotTagger":
    from cinefile.genres import load_tagger

    return load_tagger(name)


def _load_taste(catalogue: Path) -> "RatingModel":
    """The model that `cinefile train taste` put beside the catalogue, or that ships with the starter catalogue."""
    folder = catalogue.with_suffix(".taste")
    if not folder.is_dir():
        raise ModelError(
            f"There is no taste model at {folder}.", f"Make one with: cinefile train taste --db {catalogue}"
        )
    from cinefile.taste.models import load_model

    return load_model(folder)


def open_library(path: str | None = None) -> Library:
    """Open a catalogue.

    Args:
        path: the file; None takes $CINEFILE_DB, else `cinefile.duckdb` in the current folder if it is there, else the
            starter catalogue that comes with cinefile.

    Raises:
        CatalogueError: the file is missing, damaged, or of another version.
    """
    return Library(path)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
