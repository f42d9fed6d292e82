"""What needs a trained model: tags, similar films, picks. Models are loaded on first use, and kept."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.catalogue.questions.checks import LARGEST_ID, checked_range
from cinefile.catalogue.questions.films import find_film
from cinefile.errors import InputError, ModelError, NotFoundError, TooLargeError
from cinefile.library.base import OpenCatalogue
from cinefile.library.engine_answers import (
    FoundFilm,
    FoundFilms,
    PickedFilm,
    Picks,
    Reason,
    SimilarFilm,
    SimilarFilms,
    Tags,
)
from cinefile.library.tagging import LONGEST_PLOT, MOST_EXPLAINED, MOST_PLOTS, checked_plots, tags_of

if TYPE_CHECKING:
    from cinefile.genres.plot_tagger import PlotTagger
    from cinefile.similar import Options, SimilarIndex
    from cinefile.taste import Pick, RatingModel

__all__ = ["LONGEST_PLOT", "MOST_EXPLAINED", "MOST_FILMS", "MOST_PLOTS", "MOST_RATINGS", "Engines"]
MOST_RATINGS = 10_000
MOST_FILMS = 100


class Engines(OpenCatalogue):
    """Tagging, similar films and recommendations. Each raises `ModelError` where its model is missing."""

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
            tags_of(tagger, plot, titles[i] if titles else None, years[i] if years else None, genres, explain)
            for i, (plot, genres) in enumerate(zip(plots, found, strict=True))
        )

    def similar(self, film: int | str, k: int = 10, options: "Options | None" = None) -> SimilarFilms:
        """The k films most like one, which is given by id or by title: "Toy Story (1995)".

        Args:
            film: id or title.
            k: how many.
            options: series in or out, decade, language, votes, fame, diversity; see `cinefile.similar.Options`.
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
        from cinefile.similar import Filters

        checked_range(k, "k", 1, MOST_FILMS)
        filters = Filters(year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes)
        found = self.neighbours().search(text, k, filters)
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
    from cinefile.taste.registry import load_model

    return load_model(folder)
