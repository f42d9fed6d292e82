import math
from pathlib import Path

import duckdb
import pytest

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.schema import SCHEMA_VERSION, create_statements
from cinefile.reports import data_films


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty films: twenty horror films with ghosts, twenty comedies with jokes, all with friends."""
    path = tmp_path_factory.mktemp("words") / "words.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in create_statements():
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
        for film in range(40):
            genre, word = ("Horror", "ghost") if film < 20 else ("Comedy", "joke")
            plot = f"Two friends tell of friends and a {word}, a {word}, says Wanda."
            connection.execute("INSERT INTO films (film_id, title, title_key) VALUES (?, 'x', 'x')", [film])
            connection.execute("INSERT INTO genres VALUES (?, ?, 's', FALSE, NULL)", [film, genre])
            connection.execute("INSERT INTO plots VALUES (?, 's', ?)", [film, plot])
    return path


def test_words_that_tell_apart(file: Path) -> None:
    with Catalogue(file) as catalogue, catalogue.cursor() as cursor:
        rows = data_films.words_section(cursor).parts[0].table.document()
    # What all films share tells nothing, and neither do names.
    assert [(row["genre"], row["word"]) for row in rows] == [("Comedy", "joke"), ("Horror", "ghost")]
    # By hand: each film has "friends", "tell", "and", "says" and its own word once; the prior a twentieth of the 200.
    y, n, a0, everywhere = 20, 100, 10, 20 / 200
    a = a0 * everywhere
    odds = math.log((y + a) / (n + a0 - y - a)) - math.log(a / (n + a0 - a))
    assert rows[0]["films"] == 20
    assert rows[0]["log_odds"] == pytest.approx(odds)
    assert rows[0]["z"] == pytest.approx(odds / math.sqrt(1 / (y + a) + 1 / a))
