"""Similar films and search by meaning for the page. A missing model is said to be missing, never made up for."""

from contextlib import suppress
from typing import Any
from weakref import WeakSet

from cinefile.catalogue.queries.films import films_by_id
from cinefile.errors import CinefileError, InputError, ModelError
from cinefile.library import Library
from cinefile.web.i18n import Translator
from cinefile.web.rendering import Shown, shown

_STORY = frozenset({"words", "meaning"})  # rankings of the search that look at what a film is about
_NAMES = frozenset({"title", "people"})
_LONGEST_NAME = 40


_ready: WeakSet[Library] = WeakSet()
_preparing: WeakSet[Library] = WeakSet()


def prepare(library: Library) -> bool:
    """Whether similar films can be asked for without a wait; if not, they are made ready in the background.

    A catalogue without vectors beside it gets them on first use, which takes from seconds to a minute.
    """
    if library not in _ready and library not in _preparing:
        _preparing.add(library)
        library.in_background(lambda: _open(library), "similar")
    return library in _ready


def _open(library: Library) -> None:
    # A missing model is said where it is asked for.
    with suppress(CinefileError):
        library.film_search().search("film", k=1)  # makes the indexes of the search too
    _ready.add(library)


def similar_films(library: Library, film_id: int, k: int, t: Translator) -> tuple[list[Shown], str]:
    """Films like one, each with its reasons; and what to say when there are none."""
    try:
        found = library.neighbours().similar(film_id, k, reasons=True)
    except ModelError:
        return [], t("film.similar.none")
    films = films_by_id(library.facts, [f.film_id for f in found])
    return [shown(films[f.film_id], reasons=_said(f.reasons, t)) for f in found], t("film.similar.few")


def search_meaning(library: Library, query: str, k: int, t: Translator) -> list[Shown]:
    """Films whose story is close to some words; none where no index is installed or ready."""
    if not prepare(library):
        return []
    try:
        found = library.film_search().search(query, k=2 * k)
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
