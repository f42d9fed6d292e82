"""The library: one object that answers every question about a catalogue, for Python, the CLI, HTTP and the page."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, Unpack

import duckdb
import numpy as np

from cinefile import answers
from cinefile.catalogue.catalogue_file import Catalogue, default_path
from cinefile.catalogue.film_columns import FilmColumns, Memo
from cinefile.catalogue.film_filters import FilmFilters, Filters
from cinefile.catalogue.genre_names import canonical
from cinefile.catalogue.queries import film_lists, films, people, sql, summaries
from cinefile.errors import CinefileError, InputError, ModelError, NotFoundError, TooLargeError
from cinefile.limits import LARGEST_GROUP, LARGEST_ID, MOST_FILMS, MOST_RATINGS, checked_plots, checked_range
from cinefile.search import film_titles

if TYPE_CHECKING:
    from cinefile.genres.genre_tagger import PlotTagger
    from cinefile.reports.model_report import ModelCard
    from cinefile.reports.report import Part
    from cinefile.reports.results import MeasuredTables
    from cinefile.search.film_search import FilmSearch
    from cinefile.similar import SimilarIndex
    from cinefile.taste import RatingModel, Wishes

__all__ = ["Library", "open_library"]


class Library:
    """A catalogue and the models that go with it: every question, for Python, the command line, HTTP and the page.

    What is loaded from the catalogue is loaded on first use, and kept. Threads may share a library; close it, or use
    it in a `with`. What cannot be asked raises `InputError`, what is not there `NotFoundError`, a missing model
    `ModelError`. Where a method takes filters, they are those of `FilmFilters`, and mean the same everywhere.

    Args:
        path: catalogue file; None as in `cinefile.open`.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._stamp = _stamp(self.path)
        self.catalogue = Catalogue(self.path)
        self._closed = threading.Event()
        self._preparing = threading.Lock()
        self._prepared = threading.Event()
        self._models = Memo()

    @cached_property
    def facts(self) -> FilmColumns:
        """Columns of the catalogue in memory."""
        return FilmColumns(self.catalogue)

    def films(
        self,
        page: int = 1,
        size: int = 20,
        title: str | None = None,
        sort: str | None = None,
        **filters: Unpack[Filters],
    ) -> answers.FilmPage:
        """One page of the films that pass the filters.

        Args:
            page: from 1.
            size: films per page.
            title: words of the title, typos allowed.
            sort: one of SORT_KEYS, with "-" in front for descending; default: match with a title, else -votes.
            filters: see `FilmFilters`.
        """
        return film_lists.list_films(self.facts, FilmFilters(**filters), page, size, title=title, sort=sort)

    def film(self, film: int | str) -> answers.FilmDetails:
        """All about one film, by id or by title: "Toy Story (1995)"."""
        return films.film_details(self.facts, film)

    def films_with_ids(self, film_ids: Sequence[int]) -> dict[int, answers.Film]:
        """Films by id; ids that do not exist are left out."""
        return films.films_by_id(self.facts, film_ids)

    def has_film(self, film_id: int) -> bool:
        """Whether there is a film with this id."""
        return self.facts.films.row(film_id) is not None

    def star_counts(self, film_id: int) -> answers.StarCounts:
        """How the ratings of a film are spread over half stars, over all sources."""
        return films.star_counts(self.facts, film_id)

    def votes(self, film: int | str, minimum: int = 0) -> answers.Votes:
        """Votes of a film and their average, when it has at least `minimum` votes."""
        return films.film_votes(self.facts, film, minimum)

    def people(self, name: str, limit: int = 20) -> answers.People:
        """People by name; several are listed, never guessed."""
        return people.find_people(self.facts, name, limit)

    def person(self, person_id: int) -> answers.Person:
        """One person as actor and as director."""
        return people.find_person(self.facts, person_id)

    def releases(
        self, month: int | str | None = None, weekday: int | str | None = None, year: int | None = None
    ) -> answers.Releases:
        """Number of films released in a month, on a weekday, or both; names in English or Spanish."""
        return summaries.count_releases(self.facts, month, weekday, year)

    def genres(self) -> answers.Genres:
        """All genres with their figures."""
        return summaries.genre_summaries(self.facts)

    def genre_name(self, text: str) -> str | None:
        """The catalogue's name of a genre in any usual spelling ("Sci-Fi"); None for what is no genre."""
        return canonical(text)

    def decades(self) -> answers.Decades:
        """All decades with their figures."""
        return summaries.decade_summaries(self.facts)

    def languages(self) -> answers.Languages:
        """Original languages with their number of films."""
        return films.languages(self.facts)

    def overview(self) -> answers.Overview:
        """What the catalogue holds as a whole, and for which share of the films each field is known."""
        return films.overview(self.facts)

    def sql(self, query: str, limit: int | None = None, seconds: float = 60.0) -> answers.Table:
        """Rows of one reading SQL statement (DuckDB's dialect), all of them unless a limit is given.

        docs/catalogue.md describes the tables.
        """
        return sql.select(self.catalogue, query, limit, seconds)

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
    ) -> tuple[answers.Tags, ...]:
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
        from cinefile.genres.genre_tagger import tag_plots

        checked_plots(plots, threshold, explain)
        return tag_plots(self.tagger(model), plots, threshold, titles=titles, years=years, top=top, explain=explain)

    def similar(
        self,
        film: int | str,
        k: int = 10,
        *,
        franchise: Literal["any", "out", "only"] = "any",
        fame: float = 0.0,
        diversity: float = 0.0,
        weights: Mapping[str, float] | None = None,
        **filters: Unpack[Filters],
    ) -> answers.SimilarFilms:
        """The k films most like one, each with what the two have in common.

        Args:
            film: id, or title: "Toy Story (1995)".
            k: how many.
            franchise: films of the same series: let in, left out, or no others.
            fame: from -1 (more obscure) to 1 (more famous).
            diversity: 0 to 1; more makes the answers less like each other.
            weights: of the parts of the likeness; None for the default blend.
            filters: see `FilmFilters`.
        """
        from cinefile.similar import SimilarOptions

        checked_range(k, "k", 1, MOST_FILMS)
        options = SimilarOptions(FilmFilters(**filters), franchise, fame, diversity, weights)
        row = films.find_film(self.facts, film)
        found = self.neighbours().similar(int(self.facts.films.ids[row]), k, options, reasons=True)
        return answers.SimilarFilms(tuple(f.answer() for f in found))

    def search(self, text: str, k: int = 10, **filters: Unpack[Filters]) -> answers.FoundFilms:
        """Films by words: a title or name (typos allowed), or what the story is about.

        Raises:
            InputError: the text is empty or too long, k or a filter is out of range.
        """
        checked_range(k, "k", 1, MOST_FILMS)
        found = self.film_search().search(text, k, FilmFilters(**filters))
        return answers.FoundFilms(
            tuple(answers.FoundFilm(f.film_id, f.title, f.year, float(f.score), tuple(f.by)) for f in found)
        )

    def recommend(
        self,
        ratings: Mapping[int, float] | None = None,
        user: int | None = None,
        k: int = 10,
        *,
        exclude: Sequence[int] = (),
        rarity: float = 0.0,
        diversity: float = 0.0,
        **filters: Unpack[Filters],
    ) -> answers.Picks:
        """The k films that a person would give the most stars to, of those not rated yet.

        Args:
            ratings: stars (0.5 to 5) by film id, of anybody; nothing is stored.
            user: or a user id of the ratings in the catalogue.
            k: how many; fewer come only where fewer films pass.
            exclude: ids of films never to recommend, such as those seen but not rated.
            rarity: from -1 (what everybody watches) to 1 (what few know).
            diversity: 0 to 1; more makes the films less like each other.
            filters: see `FilmFilters`.

        Raises:
            InputError: neither or both of ratings and user are given, or a value is out of range.
            NotFoundError: no such user, or no such film.
            ModelError: no taste model goes with this catalogue.
        """
        checked_range(k, "k", 1, MOST_FILMS)
        if (ratings is None) == (user is None):
            raise InputError("Whose taste?", "Give either ratings or a user id.")
        own = self._ratings_of(user) if user is not None else self._checked(ratings or {})
        picks = self.taste_model().recommend(own, k=k, wishes=self._wishes(exclude, rarity, diversity, filters))
        named = self._names([i for p in picks for i in (p.film_id, *(film for film, _ in p.because))])
        found = []
        for pick in picks:
            low, high = pick.interval(0.8) or (None, None)
            because = [
                answers.Reason(film, *named[film], stars=float(adds)) for film, adds in pick.because if film in named
            ]
            found.append(
                answers.PickedFilm(pick.film_id, *named[pick.film_id], float(pick.stars), low, high, tuple(because))
            )
        return answers.Picks(tuple(found))

    def recommend_for_group(
        self,
        group: Sequence[Mapping[int, float]],
        k: int = 10,
        *,
        aggregation: Literal["average", "least_misery", "without_misery"] = "without_misery",
        exclude: Sequence[int] = (),
        rarity: float = 0.0,
        diversity: float = 0.0,
        **filters: Unpack[Filters],
    ) -> answers.GroupPicks:
        """The k films for several people who watch together; films that any of them rated are left out.

        Args:
            group: stars by film id of each person.
            k: how many.
            aggregation: the best mean, the best for whoever likes it least, or the mean over films that nobody is
                predicted to dislike.
            exclude: ids of films never to recommend.
            rarity: from -1 (what everybody watches) to 1 (what few know).
            diversity: 0 to 1; more makes the films less like each other.
            filters: see `FilmFilters`.
        """
        from cinefile.taste.group import recommend_for_group

        checked_range(k, "k", 1, MOST_FILMS)
        checked_range(len(group), "The number of people", 1, LARGEST_GROUP)
        rated = [self._checked(ratings) for ratings in group]
        wishes = self._wishes(exclude, rarity, diversity, filters)
        picks = recommend_for_group(self.taste_model(), rated, k, aggregation, wishes)
        named = self._names([pick.film_id for pick in picks])
        return answers.GroupPicks(
            tuple(
                answers.GroupPick(p.film_id, *named[p.film_id], sum(p.stars) / len(p.stars), tuple(p.stars))
                for p in picks
            )
        )

    def what_to_rate_next(self, ratings: Mapping[int, float], k: int = 8) -> answers.FilmsToRate:
        """Films whose stars would tell most about a person; without a model that can say, the best known ones.

        Ratings are stars by film id, empty for somebody new.
        """
        checked_range(k, "k", 1, MOST_FILMS)
        own = self._checked(ratings) if ratings else {}
        try:
            asked = [film.film_id for film in self.taste_model().what_to_rate_next(own, k)]
        except ModelError:
            known = self.films(size=min(MOST_FILMS, k + len(own)), sort="-votes")
            return answers.FilmsToRate(tuple([film for film in known if film.film_id not in own][:k]))
        return answers.FilmsToRate(tuple(self.films_with_ids(asked).values()))

    def match_export(
        self,
        export: str | os.PathLike[str] | bytes,
        *,
        name: str = "the file",
        user: int | str | None = None,
        corrections: str | os.PathLike[str] | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> answers.ExportReport:
        """Which film each row of somebody's export is, and how sure that is.

        Args:
            export: a Letterboxd zip, ratings of IMDb, Trakt and other sites or a CSV: its path, or its bytes.
            name: what to call the bytes in messages.
            user: which person of a file with several.
            corrections: a CSV: read and obeyed where it exists, else written, to be changed by hand.
            columns: names of columns by what they hold (title, year, stars, …), where they are not known by name.

        Raises:
            InputError: it is no export that is known, or the correction file is not of its shape.
        """
        from cinefile.exports import report_on

        return report_on(self.facts, export, name, user, corrections, columns)

    def same_films(self, titles: Sequence[tuple[str, int | None]]) -> list[int | None]:
        """Ids of films by title and year, None where no match is sure."""
        from cinefile.exports import same_films

        return same_films(self.facts, titles)

    def model_cards(self) -> "tuple[ModelCard, ...]":
        """The cards of the models that answer here, and of the starter catalogue where it is the one that is open."""
        from cinefile.reports.model_report import model_cards

        return self._models.get("cards", lambda: model_cards(self.path))

    def results(self) -> "tuple[MeasuredTables, ...]":
        """What was measured for this version: each protocol's command and its tables."""
        from cinefile.reports.results import published_tables, shipped_results

        return self._models.get("results", lambda: published_tables(shipped_results()))

    def quality(self) -> "tuple[Part, ...]":
        """What the catalogue's checks found: doubts, rejected rows, merges, twins."""
        from cinefile.reports.data_quality import quality_section

        def made() -> "tuple[Part, ...]":
            with self.catalogue.cursor() as cursor:
                return tuple(quality_section(cursor).parts)

        return self._models.get("quality", made)

    def tagger(self, model: str | None = None) -> "PlotTagger":
        """A tagger by name or folder, or the default one, for those who want more than `tag` says."""
        from cinefile.genres import load_tagger

        return self._models.get(("tagger", model), lambda: load_tagger(model))

    def neighbours(self) -> "SimilarIndex":
        """What finds similar films in this catalogue."""
        from cinefile.similar import open_neighbours

        return self._models.get("neighbours", lambda: open_neighbours(self.catalogue, self.facts))

    def film_search(self) -> "FilmSearch":
        """What finds films by words in this catalogue."""
        from cinefile.search.film_search import FilmSearch

        return self._models.get("film search", lambda: FilmSearch(self.facts, self.neighbours().similarity))

    def taste_model(self) -> "RatingModel":
        """The rating model that goes with this catalogue."""
        from cinefile.taste.models import load_model_of

        return self._models.get("taste model", lambda: load_model_of(self.path))

    def warm(self) -> None:
        """Load what the first questions would otherwise wait for (a second for 100,000 films)."""
        film_titles.warm_titles(self.facts)
        people.warm_people(self.facts)
        films.warm_details(self.facts)

    def prepared(self) -> bool:
        """Whether similar films and search can be asked without a wait; if not, they are prepared in the background.

        A catalogue without vectors beside it gets them on first use, which takes from seconds to a minute.
        """
        if not self._prepared.is_set() and self._preparing.acquire(blocking=False):
            self.in_background(self._prepare, "similar")
        return self._prepared.is_set()

    def _prepare(self) -> None:
        # A missing model is said where it is asked for.
        with suppress(CinefileError):
            self.search("film", k=1)  # makes the indexes of the search too
        self._prepared.set()

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
        """Let go of the file, and of everything that was loaded."""
        self._closed.set()
        self.catalogue.close()
        self._models.clear()
        self.__dict__.pop("facts", None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wishes(self, exclude: Sequence[int], rarity: float, diversity: float, filters: Filters) -> "Wishes":
        """What may be recommended; films that the model knows and the catalogue does not are left out."""
        from cinefile.taste import Wishes

        here = self.facts.films.ids
        unfiltered = all(value is None for value in filters.values())
        every = unfiltered and self._models.get(
            "all rated films are here", lambda: bool(np.isin(self.taste_model().film_ids, here).all())
        )
        allowed = None if every else here[FilmFilters(**filters).mask(self.facts)]
        return Wishes(allowed=allowed, exclude=list(exclude), rarity=rarity, diversity=diversity)

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


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def open_library(path: str | None = None) -> Library:
    """Open a catalogue.

    Args:
        path: the file; None takes $CINEFILE_DB, else `cinefile.duckdb` in the current folder if it is there, else the
            starter catalogue that comes with cinefile.

    Raises:
        CatalogueError: the file is missing, damaged, or of another version.
    """
    return Library(path)
