"""The training corpus of the shipped taggers, without the films of evaluation rows."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cinefile.genres.training.labelled_films import IMDB27_LABELS, MIAD_LABELS, LabelledFilm, read_films
from cinefile.titles import split_aliases, title_key

SHINGLE = 8
_WORD = re.compile(r"[^\W_]+")


def shingles(plot: str) -> set[int]:
    """Hashes of every run of eight words, case and punctuation aside; none for shorter texts."""
    words = _WORD.findall(plot.casefold())
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1)}


def title_keys(film: LabelledFilm) -> set[str]:
    """Matching keys of all names of a film."""
    return {title_key(alias) for name in film.names for alias in split_aliases(name.strip('"')) if alias}


class EvaluationFilms:
    """The films that training must not see.

    Args:
        films: every film of every evaluation split.
    """

    def __init__(self, films: Iterable[LabelledFilm]) -> None:
        self._years: dict[str, set[int | None]] = {}
        self._shingles: set[int] = set()
        self._ids: set[str] = set()
        for film in films:
            self.add(film)

    def add(self, film: LabelledFilm) -> None:
        """Count one more film among the forbidden."""
        for key in title_keys(film):
            self._years.setdefault(key, set()).add(film.year)
        self._shingles |= shingles(film.plot)
        self._ids |= set(film.ids)

    def __contains__(self, film: LabelledFilm) -> bool:
        if self._ids.intersection(film.ids):
            return True
        for key in title_keys(film):
            for year in self._years.get(key, ()):
                if year is None or film.year is None or abs(year - film.year) <= 1:
                    return True
        return not self._shingles.isdisjoint(shingles(film.plot))

    def drop_from(self, films: Sequence[LabelledFilm]) -> list[LabelledFilm]:
        """The films that may be trained on.

        A dropped film's identifiers become forbidden too, so that its twin under another title goes as well.
        """
        dropped = [film for film in films if film in self]
        for film in dropped:
            self._ids |= set(film.ids)
        gone = set(map(id, dropped))
        return [film for film in films if id(film) not in gone and not self._ids.intersection(film.ids)]


MIAD_SEED, MIAD_TEST_SIZE = 42, 0.2
VALIDATION_SEED, VALIDATION_SIZE = 7, 0.1


def shuffle_split(n: int, test_size: float, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row numbers of the training and the test part, the same as scikit-learn's ``train_test_split`` gives.

    Args:
        n: number of rows.
        test_size: share of rows in the test part, rounded up.
        seed: its ``random_state``.
    """
    order = np.random.RandomState(seed).permutation(n)
    cut = math.ceil(test_size * n)
    return order[cut:], order[:cut]


@dataclass(frozen=True)
class Corpus:
    """Films to train on and films to choose by; no film of an evaluation split is among them."""

    train: list[LabelledFilm]
    validation: list[LabelledFilm]

    def counts(self) -> dict[str, int]:
        """Number of training films by source."""
        return dict(Counter(f.source for f in self.train))


def miad_parts(folder: Path) -> tuple[list[LabelledFilm], list[LabelledFilm]]:
    """MIAD's labelled rows as (training part, test part): 80% and 20%, seed 42."""
    rows = read_films(folder / "miad" / "dataTraining.zip")
    train, test = shuffle_split(len(rows), MIAD_TEST_SIZE, MIAD_SEED)
    return [rows[i] for i in train], [rows[i] for i in test]


def evaluation_films(folder: Path) -> list[LabelledFilm]:
    """Every film that a published figure is measured on: MIAD's test part and unlabelled rows, IMDb's test rows."""
    films = miad_parts(folder)[1]
    films += read_films(folder / "miad" / "dataTesting.zip")
    for name in ("test_data.txt", "test_data_solution.txt"):
        films += read_films(folder / "imdb-genres" / name)
    return films


def _deduplicate(films: Iterable[LabelledFilm]) -> list[LabelledFilm]:
    seen: set[str] = set()
    kept = []
    for film in films:
        keys = {*film.ids, f"plot:{film.plot}"}
        if seen.isdisjoint(keys):
            kept.append(film)
        seen |= keys
    return kept


def load(folder: Path, *, validate: bool = True) -> Corpus:
    """Read all sources under `folder` (laid out as in the data README) and clear them of leaks.

    Args:
        validate: hold a tenth of MIAD's and of IMDb's training rows back, and drop their films from all else, so that
            choices made on them are honest. False trains on them too.

    Raises:
        InputError: a file is missing or malformed.
    """
    forbidden = EvaluationFilms(evaluation_films(folder))
    miad = [f for f in miad_parts(folder)[0] if f not in forbidden]
    imdb = [f for f in read_films(folder / "imdb-genres" / "train_data.txt") if f not in forbidden]
    metadata = sorted((folder / "the-movies-dataset").glob("movies_metadata*.csv"))
    places = (
        folder / "tmdb-api",
        folder / "tmdb-5000" / "tmdb_5000_movies.csv",
        *(metadata or [folder / "the-movies-dataset" / "movies_metadata.csv"]),
        folder / "wikipedia-movies",
    )
    others = [f for place in places for f in read_films(place) if f.genres and f.plot]
    validation: list[LabelledFilm] = []
    if validate:
        for rows in (miad, imdb):
            _, held = shuffle_split(len(rows), VALIDATION_SIZE, VALIDATION_SEED)
            validation += [rows[i] for i in held]
        for film in validation:
            forbidden.add(film)
        miad, imdb = forbidden.drop_from(miad), forbidden.drop_from(imdb)
    return Corpus([*miad, *imdb, *forbidden.drop_from(_deduplicate(others))], validation)


def targets(films: Sequence[LabelledFilm]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Multi-label targets and loss weights, both (films, 24).

    A label that the source knows nothing about weighs 0. The 27-genre set names one genre of several, so that only
    that one counts. Wikipedia's lists name one or two of a film's genres: what they leave out weighs a quarter.
    """
    y = np.array([[label in f.genres for label in MIAD_LABELS] for f in films], dtype=np.float32)
    weight = np.array([[label not in f.unknown for label in MIAD_LABELS] for f in films], dtype=np.float32)
    source = np.array([f.source for f in films])
    weight[source == "imdb27"] = y[source == "imdb27"]
    weight[(source == "wikipedia")[:, None] & (y == 0)] *= 0.25
    return y, weight


def classes(films: Sequence[LabelledFilm]) -> NDArray[np.int64]:
    """Class numbers among the 27 IMDb genres, (films,); -1 where a film is not of that set."""
    position = {label: i for i, label in enumerate(IMDB27_LABELS)}
    return np.array([position[f.imdb27] if f.imdb27 else -1 for f in films], dtype=np.int64)
