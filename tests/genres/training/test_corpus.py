import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cinefile.catalogue.genre_names import chosen_labels
from cinefile.errors import InputError
from cinefile.genres.training import corpus
from cinefile.genres.training.corpus import EvaluationFilms
from cinefile.genres.training.labelled_films import IMDB27_LABELS, MIAD_LABELS, LabelledFilm, wikipedia_plot
from cinefile.sources import tmdb_api, wikipedia
from cinefile.sources.tmdb_records import REQUIRED


def test_other_names_find_their_label() -> None:
    names = ["Science Fiction", "Animated", "Silent", " comedy ", "slasher"]
    assert chosen_labels(names, MIAD_LABELS) == ("Animation", "Comedy", "Horror", "Sci-Fi")
    assert len(MIAD_LABELS) == 24
    assert len(IMDB27_LABELS) == 27


def test_split_is_scikit_learns() -> None:
    selection = pytest.importorskip("sklearn.model_selection")
    for n, share in ((7895, 0.2), (7895, 0.33), (10, 0.25)):
        theirs = selection.train_test_split(np.arange(n), test_size=share, random_state=42)
        ours = corpus.shuffle_split(n, share, 42)
        assert all((a == b).all() for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize(
    ("film", "leaks"),
    [
        (LabelledFilm("tmdb-api", ("Usual Suspects, The",), 1995, "other words"), True),
        (LabelledFilm("tmdb-api", ("The Usual Suspects",), 1996, "other words"), True),
        (LabelledFilm("tmdb-api", ("The Usual Suspects",), None, "other words"), True),
        (LabelledFilm("tmdb-api", ("The Usual Suspects",), 2015, "other words"), False),
        (LabelledFilm("tmdb-api", ("Los sospechosos", "The Usual Suspects"), 1995, "x"), True),
        (
            LabelledFilm(
                "tmdb-api", ("Another Name",), 1990, "So A Con Man, tells the police what really happened on the ship!"
            ),
            True,
        ),
        (LabelledFilm("tmdb-api", ("Another Name",), 1990, "a con man tells the police something else"), False),
        (LabelledFilm("tmdb-api", ("Another Name",), 1990, "words", ids=("imdb:tt1",)), True),
    ],
)
def test_same_film_is_recognised(film: LabelledFilm, leaks: bool) -> None:
    plot = "a con man tells the police what really happened"
    forbidden = EvaluationFilms([LabelledFilm("miad", ("The Usual Suspects",), 1995, plot, ids=("imdb:tt1",))])
    assert (film in forbidden) is leaks


def test_a_dropped_films_twin_goes_too() -> None:
    forbidden = EvaluationFilms([LabelledFilm("miad", ("Heat",), 1995, "p")])
    known = LabelledFilm("tmdb-api", ("Heat",), 1995, "q", ids=("tmdb:949",))
    twin = LabelledFilm("tmdb-5000", ("Fuego contra fuego",), 1995, "r", ids=("tmdb:949",))
    other = LabelledFilm("tmdb-api", ("Ronin",), 1998, "s", ids=("tmdb:8195",))
    assert forbidden.drop_from([known, twin, other]) == [other]


def test_wikipedia_sentences_that_name_the_genre_are_left_out() -> None:
    extract = (
        "Heat is a 1995 American crime film written and directed by Michael Mann. It stars Al Pacino. "
        "A detective hunts a crew of thieves through the city while his own life at home falls apart. "
        "The film was released on December 15."
    )
    assert wikipedia_plot(extract).startswith("A detective hunts")
    assert "film" not in wikipedia_plot(extract)
    assert wikipedia_plot("X is a 1930 drama film. Two men fight.") == ""


def _write(folder: Path) -> None:
    (folder / "miad").mkdir(parents=True)
    header = ",year,title,plot,genres,rating\n"
    rows = [
        f"{i},{1950 + i},Movie {i},plot of movie number {i} is told with these very words {i},\"['Drama']\",7.5"
        for i in range(20)
    ]
    for name, text in (
        ("dataTraining", header + "\n".join(rows)),
        ("dataTesting", ",year,title,plot\n1,2001,Hidden One,some hidden plot"),
    ):
        with zipfile.ZipFile(folder / "miad" / f"{name}.zip", "w") as archive:
            archive.writestr(f"{name}.csv", text)
    imdb = folder / "imdb-genres"
    imdb.mkdir()
    (imdb / "train_data.txt").write_text(
        "\n".join(f"{i} ::: Short {i} ({1980 + i}) ::: short ::: the short plot {i}" for i in range(12)),
        encoding="utf-8",
    )
    (imdb / "test_data.txt").write_text("1 ::: Secret Test (1999) ::: a secret plot\n", encoding="utf-8")
    (imdb / "test_data_solution.txt").write_text(
        "1 ::: Secret Test (1999) ::: drama ::: a secret plot\n", encoding="utf-8"
    )
    tmdb = folder / "tmdb-api"
    tmdb.mkdir()
    genres = [{"id": 18, "name": "Drama"}]
    listed: list[dict[str, object]] = [{"imdb_id": 0}]
    for i, title in enumerate(["Hidden One", "Secret Test", "Free Film", *(f"Movie {n}" for n in range(20))]):
        year = {"Hidden One": 2001, "Secret Test": 1999}.get(title, 1950 + i - 3)
        listed.append(
            {
                "id": i + 1,
                "original_title": title,
                "production_companies": [],
                "vote_average": 6.0,
                "imdb_id": f"tt{i}",
                "title": title,
                "overview": f"text {i}",
                "genres": genres,
                "release_date": f"{year}-01-01",
            }
        )
    (tmdb / "2000.json").write_text(json.dumps(listed), encoding="utf-8")
    columns = [*REQUIRED, "keywords", "imdb_id", "adult", "belongs_to_collection"]
    for folder_name, name in (
        ("tmdb-5000", "tmdb_5000_movies.csv"),
        ("the-movies-dataset", "movies_metadata-slice.csv"),
    ):
        (folder / folder_name).mkdir()
        (folder / folder_name / name).write_text(",".join(columns) + "\n", encoding="utf-8")
    decades = folder / "wikipedia-movies"
    decades.mkdir()
    film = {"title": "Movie 3", "year": 1953, "cast": [], "genres": ["Drama"], "extract": ""}
    (decades / "movies-1950s.json").write_text(json.dumps([film]), encoding="utf-8")


def test_no_evaluation_film_is_trained_on(tmp_path: Path) -> None:
    _write(tmp_path)
    made = corpus.load(tmp_path)
    forbidden = EvaluationFilms([*corpus.evaluation_films(tmp_path), *made.validation])
    assert not [f for f in made.train if f in forbidden]
    titles = {f.title for f in made.train if f.source == "tmdb-api"}
    assert "Free Film" in titles
    assert not titles & {"Hidden One", "Secret Test"}
    # Twins of MIAD's test and validation films are gone as well: only those of its training rows are left.
    assert titles - {"Free Film"} == {f.title for f in made.train if f.source == "miad"}


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dataTraining\.zip does not exist"):
        corpus.load(tmp_path)


def test_unknown_labels_give_no_loss() -> None:
    made = [
        LabelledFilm("tmdb-api", ("A",), 2000, "p", ("Drama",), tmdb_api.SOURCE.unlisted_genres),
        LabelledFilm("imdb27", ("B",), 2000, "p", ("Short",), imdb27="short"),
        LabelledFilm("wikipedia", ("C",), 2000, "p", ("Drama",), wikipedia.SOURCE.unlisted_genres),
        LabelledFilm("miad", ("D",), 2000, "p", ("Drama",)),
    ]
    y, weight = corpus.targets(made)
    at = {label: i for i, label in enumerate(MIAD_LABELS)}
    assert weight[0, at["Film-Noir"]] == 0
    assert weight[0, at["Drama"]] == weight[0, at["War"]] == 1
    assert weight[1].sum() == 1
    assert weight[1, at["Short"]] == y[1, at["Short"]] == 1
    assert weight[2, at["War"]] == 0.25
    assert weight[3].all()
    assert corpus.classes(made).tolist() == [-1, IMDB27_LABELS.index("short"), -1, -1]


def test_public_corpus_is_clear_of_leaks(data_folder: Path) -> None:
    made = corpus.load(data_folder)
    forbidden = EvaluationFilms(corpus.evaluation_films(data_folder))
    assert len(made.train) > 30_000
    assert not [f for f in made.train if f in forbidden]
