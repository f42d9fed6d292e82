"""Similar films and search by meaning for the page. A missing model is said to be missing, never made up for."""

from typing import Any

from cinefile.catalogue.questions.overview import films_by_id
from cinefile.errors import InputError, ModelError
from cinefile.library import Library
from cinefile.web.i18n import Translator
from cinefile.web.views import Shown, shown

_STORY = frozenset({"words", "meaning"})  # rankings of the search that look at what a film is about
_NAMES = frozenset({"title", "people"})
_LONGEST_NAME = 40


def similar_films(library: Library, film_id: int, k: int, t: Translator) -> tuple[list[Shown], str]:
    """Films like one, each with its reasons; and what to say when there are none."""
    try:
        found = library.neighbours().similar(film_id, k, reasons=True)
    except ModelError:
        return [], t("film.similar.none")
    films = films_by_id(library.facts, [f.film_id for f in found])
    return [shown(films[f.film_id], reasons=_said(f.reasons, t)) for f in found], t("film.similar.few")


def search_meaning(library: Library, query: str, k: int, t: Translator) -> list[Shown]:
    """Films whose story is close to some words; none where no index is installed."""
    try:
        found = library.neighbours().search(query, k=2 * k)
    except (InputError, ModelError):
        return []
    near = [f.film_id for f in found if _STORY & set(f.by) and not _NAMES & set(f.by)][:k]
    films = films_by_id(library.facts, near)
    return [shown(films[i]) for i in near]


def _said(reasons: Any, t: Translator) -> list[str]:
    """Reasons in a few words of the reader's language, the most telling first."""
    if reasons is None:
        return []
    said = [t("reason.series", name=reasons.collection)] if reasons.collection else []
    said += list(reasons.people[:2])
    said += list(reasons.keywords[:2])
    said += [t("reason.liked")] if reasons.liked_by_same else []
    said += [t("reason.story")] if reasons.parts.get("plot", 0) == max(reasons.parts.values(), default=1) else []
    if len(said) < 3:
        said += [t.name_of("genre", genre) for genre in reasons.genres[:2]]
    return [text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…" for text in said[:4]]
