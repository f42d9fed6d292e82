"""The table of public data sets: where each lies officially, and on which terms it may be used."""

from dataclasses import dataclass

from cinefile.errors import NotFoundError

_GROUPLENS = "https://files.grouplens.org/datasets/movielens"
_MOVIELENS_TERMS = (
    "Research use; not for commercial use without permission, nor to be passed on without permission. Cite Harper and "
    "Konstan 2015, doi.org/10.1145/2827872. The full terms are in the README of the zip."
)
_MOVIELENS_SMALL_TERMS = (
    "Research use; may be passed on, also changed, on the same terms; not for commercial use without permission. Cite "
    "Harper and Konstan 2015, doi.org/10.1145/2827872."
)


@dataclass(frozen=True)
class PublicSet:
    """A public data set.

    Attributes:
        name: what `cinefile fetch` is given.
        title: its name for people.
        holds: what is in it, in a few words.
        terms: on which terms its owner gives it, shortened.
        home: the page to read about it.
        urls: its files.
        checksums: whether an `.md5` file lies beside each of them.
        kaggle: its handle on Kaggle, for sets that are only there.
    """

    name: str
    title: str
    holds: str
    terms: str
    home: str
    urls: tuple[str, ...] = ()
    checksums: bool = False
    kaggle: str = ""


def _movielens(name: str, title: str, holds: str, terms: str = _MOVIELENS_TERMS) -> PublicSet:
    return PublicSet(
        name, title, holds, terms, "https://grouplens.org/datasets/movielens/", (f"{_GROUPLENS}/{name}.zip",), True
    )


_WIKIPEDIA = "https://raw.githubusercontent.com/prust/wikipedia-movie-data/master"
_MIAD = "https://github.com/albahnsen/MIAD_ML_and_NLP/raw/main/datasets"

SETS: tuple[PublicSet, ...] = (
    _movielens("ml-latest-small", "MovieLens latest, small", "100,836 ratings, 9,742 films", _MOVIELENS_SMALL_TERMS),
    _movielens("ml-latest", "MovieLens latest", "33 million ratings, 86,000 films; changes", _MOVIELENS_SMALL_TERMS),
    _movielens("ml-100k", "MovieLens 100K", "100,000 ratings, 1,682 films"),
    _movielens("ml-1m", "MovieLens 1M", "1,000,209 ratings, 3,883 films"),
    _movielens("ml-10m", "MovieLens 10M", "10,000,054 ratings, 10,681 films"),
    _movielens("ml-20m", "MovieLens 20M", "20,000,263 ratings, 27,278 films"),
    _movielens("ml-25m", "MovieLens 25M", "25,000,095 ratings, 62,423 films"),
    _movielens("ml-32m", "MovieLens 32M", "32,000,204 ratings, 87,585 films"),
    PublicSet(
        "miad",
        "MIAD movie genres",
        "11,278 plots, 24 genres for 7,895 of them",
        "Course material of the Universidad de los Andes, no licence stated: for study, do not pass it on.",
        "https://github.com/albahnsen/MIAD_ML_and_NLP",
        (f"{_MIAD}/dataTraining.zip", f"{_MIAD}/dataTesting.zip"),
    ),
    PublicSet(
        "wikipedia",
        "American films by decade, from Wikipedia",
        "some 36,000 films from 1900 on, with cast, genres and an extract",
        "Repository under the MIT licence; the extracts are Wikipedia's, CC BY-SA.",
        "https://github.com/prust/wikipedia-movie-data",
        tuple(f"{_WIKIPEDIA}/movies-{decade}s.json" for decade in range(1900, 2030, 10)),
    ),
    PublicSet(
        "imdb27",
        "IMDb plots with one of 27 genres",
        "54,214 training and 54,200 test texts",
        "Texts of IMDb's users; see the page for the terms. For study, do not pass it on.",
        "https://www.kaggle.com/datasets/hijest/genre-classification-dataset-imdb",
        kaggle="hijest/genre-classification-dataset-imdb",
    ),
    PublicSet(
        "the-movies-dataset",
        "The Movies Dataset",
        "45,466 TMDB records of 2017 with credits and keywords, and 26 million MovieLens ratings",
        "CC0 says the page; the records are TMDB's and the ratings GroupLens', under their own terms.",
        "https://www.kaggle.com/datasets/rounakbanik/the-movies-dataset",
        kaggle="rounakbanik/the-movies-dataset",
    ),
    PublicSet(
        "tmdb-5000",
        "TMDB 5000",
        "4,803 TMDB records with credits",
        "Data of TMDB, under the terms of use of its API.",
        "https://www.kaggle.com/datasets/tmdb/tmdb-movie-metadata",
        kaggle="tmdb/tmdb-movie-metadata",
    ),
)


def find(name: str) -> PublicSet:
    """A set by its name.

    Raises:
        NotFoundError: there is none.
    """
    for known in SETS:
        if known.name == name.lower():
            return known
    raise NotFoundError(f"No public data set named {name!r}.", f"Known: {', '.join(s.name for s in SETS)}.")
