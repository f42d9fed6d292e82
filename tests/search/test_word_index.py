import numpy as np
import pytest
from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.search import word_index
from cinefile.search.word_index import LexicalIndex, open_lexical


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(word_index, "_WORTH_KEEPING", 1)
    return write_small_catalogue(tmp_path / "small.duckdb")


def best(path, text):
    with Catalogue(path) as catalogue:
        facts = FilmColumns(catalogue)
        scores = open_lexical(facts).scores(text)
        return facts.films.values("title", [int(scores.argmax())])[0]


def test_rare_words_find_the_film_whatever_their_number(path):
    assert best(path, "a spacemen's doll: cowboys") == best(path, "doll of the cowboy") == "Toy Story"


def test_two_spellings_of_one_word_count_as_one_word(path):
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO plots VALUES (1, 'test', 'zebra'), (2, 'test', 'zebra zebras')")
    with Catalogue(path) as catalogue, catalogue.cursor() as cursor:
        index = LexicalIndex.build(cursor, FilmColumns(catalogue).films.ids)
    assert np.count_nonzero(index.scores("zebra")) == 2
    assert index.arrays["letters"].tobytes().decode().split("\n").count("zebra") == 1


def test_the_index_is_kept_beside_the_catalogue_until_something_is_ingested(path, monkeypatch):
    import duckdb

    best(path, "doll")
    assert path.with_suffix(".words").is_dir()
    with monkeypatch.context() as patch:
        patch.setattr(LexicalIndex, "build", None)  # would fail if called
        assert best(path, "doll") == "Toy Story"
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO plots VALUES (5, 'new', 'a wholly unheard of zyzzyva')")
        connection.execute("INSERT INTO runs VALUES (99, 'new', 'x', 'y', now()::TIMESTAMP, 1, 1, 1, 0, 0)")
        title = connection.execute("SELECT title FROM films WHERE film_id = 5").fetchone()[0]
    assert best(path, "zyzzyva") == title


def test_an_index_of_other_stems_is_made_again(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(word_index, "_STEMS", "none")
        patch.setattr(word_index, "stems", list)
        best(path, "doll")
    assert best(path, "cowboys and dolls") == "Toy Story"
    with Catalogue(path) as catalogue:
        terms = open_lexical(FilmColumns(catalogue)).arrays["letters"].tobytes().decode().split("\n")
    assert "famili" in terms
    assert "family" not in terms


@pytest.mark.parametrize(
    ("typed", "stored"), [("strasse Straße", "straße"), ("Smørrebrød", "SMORREBROD"), ("kids'", "kid´s")]
)
def test_letters_fold_alike_in_the_index_and_in_the_query(path, typed, stored):
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO plots VALUES (7, 'test', ?)", [stored])
        title = connection.execute("SELECT title FROM films WHERE film_id = 7").fetchone()[0]
    assert best(path, typed) == title


def test_a_damaged_index_is_made_again(path):
    best(path, "doll")
    (path.with_suffix(".words") / "arrays.safetensors").write_bytes(b"x")
    assert best(path, "doll") == "Toy Story"


def test_a_misspelt_word_in_a_longer_query_is_taken_for_the_nearest(path):
    assert best(path, "tarentino jackson gangster") == best(path, "tarantino jackson gangster")


def test_words_like_no_other_find_nothing(path):
    with Catalogue(path) as catalogue:
        assert not open_lexical(FilmColumns(catalogue)).scores("qqqqqq xyzzyxyzzy").any()
