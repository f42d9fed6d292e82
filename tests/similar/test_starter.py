"""What ships: similar films and search by meaning on a fresh machine, with nothing beyond the core."""

from pathlib import Path

import pytest

from cinefile import starter
from cinefile.library import Library
from cinefile.similar.train import vectors_folder

FOLDER = Path(starter.__file__).parent


@pytest.fixture(scope="module")
def lib():
    with Library(FOLDER / "starter.duckdb") as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("dinosaurs cloned for a theme park", "Jurassic Park"),
        ("a giant shark terrorises a beach town", "Jaws"),
        ("crew of a spaceship hunted by a creature", "Alien"),
    ],
)
def test_stories_are_found_by_meaning_though_no_plots_ship(lib, text, title):
    ((plots,),) = lib.sql("SELECT count(*) FROM plots").rows
    assert plots == 0
    by_meaning = [f.title for f in lib.search(text, 100) if "meaning" in f.by]
    assert title in by_meaning[:60]


def test_the_vectors_are_of_this_catalogue_and_are_not_made_again(lib):
    before = (vectors_folder(lib.path) / "manifest.json").stat().st_mtime_ns
    assert lib.neighbours().similarity.vectors.encoder.startswith("static:")
    assert (vectors_folder(lib.path) / "manifest.json").stat().st_mtime_ns == before


def test_at_most_ten_megabytes_ship():
    files = [f for folder in ("starter.similar", "encoder") for f in (FOLDER / folder).iterdir()]
    assert sum(f.stat().st_size for f in files) < 10e6
