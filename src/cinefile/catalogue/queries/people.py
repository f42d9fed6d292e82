"""People by name, and one person as actor and as director."""

from typing import Literal

import numpy as np

from cinefile.answers import Acting, DirectedFilm, Directing, People, Person, PersonMatch
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.films import films_at
from cinefile.errors import NotFoundError
from cinefile.limits import LARGEST_ID, MOST_PEOPLE_LISTED, checked_range, checked_text
from cinefile.search import NameIndex
from cinefile.search.film_titles import film_fame
from cinefile.search.name_index import fold_sql
from cinefile.titles import title_key

_KNOWN_FOR = 3
_GENDERS: dict[int, Literal["female", "male", "non-binary"]] = {1: "female", 2: "male", 3: "non-binary"}


def find_people(facts: FilmColumns, name: str, limit: int = 20) -> People:
    """People by name: those called so, then those with all the words, then, when there is neither, the similar ones.

    Raises:
        InputError: the name is empty or too long, or the limit is out of range.
    """
    text = checked_text(name, "name")
    checked_range(limit, "limit", 1, MOST_PEOPLE_LISTED)
    credits_of = facts.credits.ends - facts.credits.starts
    exact = sorted(facts.people.rows_by_key.get(title_key(text), []), key=lambda r: (-credits_of[r], r))
    kinds: dict[int, Literal["exact", "words", "similar"]] = dict.fromkeys(exact, "exact")
    # "Tom Hanks" found exactly is who was meant; "Hanks" may be part of other people's names.
    if len(exact) < limit and not (exact and " " in text):
        for match in people_index(facts).search(text, limit + len(exact)):
            kinds.setdefault(match.position, match.kind)
    rows = list(kinds)[:limit]
    if any(kinds[r] != "similar" for r in rows):
        rows = [r for r in rows if kinds[r] != "similar"]
    return People(tuple(_match(facts, row, kinds[row]) for row in rows))


def find_person(facts: FilmColumns, person_id: int) -> Person:
    """One person, as actor and as director.

    Raises:
        NotFoundError: no such person.
    """
    row = facts.people.row(person_id) if 0 <= person_id <= LARGEST_ID else None
    if row is None:
        raise NotFoundError(f"There is no person with id {person_id}.", "Find ids with a search by name.")
    name, gender, tmdb_id = (facts.people.values(c, [row])[0] for c in ("name", "gender", "tmdb_id"))
    return Person(
        person_id=person_id,
        name=name,
        gender=_GENDERS.get(gender),
        tmdb_id=tmdb_id,
        acting=_acting(facts, _films_of(facts, row, directing=False)),
        directing=_directing(facts, _films_of(facts, row, directing=True)),
    )


def people_index(facts: FilmColumns) -> NameIndex:
    """Names of the people, by row of `facts.people`; made on first use."""
    return facts.kept("people index", lambda: _people_index(facts))


def warm_people(facts: FilmColumns) -> None:
    """Build the index before somebody waits for it."""
    people_index(facts)


def _people_index(facts: FilmColumns) -> NameIndex:
    batch = facts.table(f"SELECT ' ' || {fold_sql('name')} || ' ' AS name FROM people ORDER BY person_id")
    credits_of = np.log1p(facts.credits.ends - facts.credits.starts)
    return NameIndex(batch.column("name"), (credits_of / max(credits_of.max(initial=0), 1)).astype(np.float32))


def _films_of(facts: FilmColumns, person: int, directing: bool) -> np.ndarray:
    """Rows of a person's films, each once, though several sources or several characters may repeat it."""
    place = facts.credits.of(person)
    chosen = facts.credits.array("directing")[place] == directing
    return np.unique(facts.films.rows(facts.credits.array("film_id")[place][chosen]))


def _match(facts: FilmColumns, row: int, kind: Literal["exact", "words", "similar"]) -> PersonMatch:
    acted, directed = _films_of(facts, row, directing=False), _films_of(facts, row, directing=True)
    films = np.union1d(acted, directed)
    known = films[np.argsort(-film_fame(facts)[films], kind="stable")][:_KNOWN_FOR]
    return PersonMatch(
        person_id=int(facts.people.ids[row]),
        name=facts.people.values("name", [row])[0],
        films_as_actor=len(acted),
        films_as_director=len(directed),
        known_for=tuple(facts.films.values("title", known)),
        match=kind,
    )


def _acting(facts: FilmColumns, rows: np.ndarray) -> Acting:
    count, total, mean = _returns(facts, rows)
    return Acting(films=len(rows), films_with_return=count, total_return=total, mean_return=mean)


def _directing(facts: FilmColumns, rows: np.ndarray) -> Directing:
    count, total, mean = _returns(facts, rows)
    day = facts.films.numbers("release_day")[rows]
    year = facts.films.numbers("year")[rows]
    # A film with a year only stands at that year's end; one without either comes last.
    known = np.where(np.isnan(day), (year - 1969) * 365.25, day)
    films = films_at(facts, rows[np.argsort(known, kind="stable")])
    return Directing(
        films=tuple(
            DirectedFilm(f.film_id, f.title, f.year, f.release_date, f.budget, f.revenue, f.return_, f.profit)
            for f in films
        ),
        films_with_return=count,
        total_budget=_total([f.budget for f in films]),
        total_revenue=_total([f.revenue for f in films]),
        total_profit=_total([f.profit for f in films]),
        total_return=total,
        mean_return=mean,
    )


def _returns(facts: FilmColumns, rows: np.ndarray) -> tuple[int, float | None, float | None]:
    """How many films have a known return, the sum of these returns, and their mean."""
    values = facts.films.numbers("return_")[rows]
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return 0, None, None
    return len(values), float(values.sum()), float(values.mean())


def _total(values: list[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None
