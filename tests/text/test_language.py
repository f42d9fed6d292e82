import pytest

from cinefile.text.language import is_english, notes


@pytest.mark.parametrize(
    "text",
    [
        "A young woman finds her family has been hiding a secret from the whole town.",
        "the story of two brothers ,  who rob a bank .",
        "Jaws",
        "",
    ],
)
def test_english_passes(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ein junger Mann kommt nach Berlin und verliebt sich in eine Frau, die nicht für ihn bestimmt ist.",
        "Une femme découvre que son mari est un espion et décide de le suivre dans les rues de Paris.",
        "Un hombre busca a su hermano en las calles de la ciudad, pero no lo encuentra.",
        "Молодая женщина ищет своего брата в большом городе.",
        "若い女性が大都市で兄を探す。",
    ],
)
def test_other_languages_are_noticed(text: str) -> None:
    assert not is_english(text)


def test_notes_say_what_is_amiss() -> None:
    short = notes("A shark attacks.")
    assert short.words == 3
    assert len(short.messages) == 1
    assert "3 words" in short.messages[0]
    assert not notes("The man who sold his soul to the devil " * 4).messages
    assert "English" in notes("Ein Mann und eine Frau, die nicht mit dem Zug nach Berlin " * 4).messages[0]
