import pytest

from cinefile.catalogue.genre_names import VOCABULARY, canonical


@pytest.mark.parametrize(
    ("name", "genre"),
    [
        ("Science Fiction", "Sci-Fi"), ("sci-fi", "Sci-Fi"), ("Sci_Fi", "Sci-Fi"), ("Children's", "Family"),
        ("Noir", "Film-Noir"), ("game-show", "Game-Show"), ("reality-tv", "Reality-TV"), ("TV Movie", "TV Movie"),
        ("martial arts", "Martial Arts"), (" Drama ", "Drama"), ("(no genres listed)", None),
        ("IMAX", None), ("", None),
    ],
)  # fmt: skip
def test_names_meet_in_one_vocabulary(name: str, genre: str | None) -> None:
    assert canonical(name) == genre


def test_the_vocabulary_maps_to_itself() -> None:
    assert [canonical(name) for name in VOCABULARY] == list(VOCABULARY)
