"""Why two films are alike: what they share, in words."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np

from cinefile.answers import Likeness
from cinefile.text.encoder import PlotEncoder

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LEAST_COSINE, _LONGEST_QUOTE = 0.5, 90  # of sentences that are quoted
_LIKED_SHARE = 0.10  # taste is named as a reason where it makes up a tenth of the likeness

Sentences = tuple[str, str, float]  # one of each plot, and their cosine


@dataclass
class Reasons:
    """What two films share.

    Attributes:
        people: names with what they did in both, the most telling first.
        genres: shared genres.
        keywords: shared keywords, the rarest first.
        collection: name of the collection both are in, or None.
        liked_by_same: the same people like both.
        parts: how much each part adds to the score.
        sentences: the closest sentences of the two plots and their cosine, where asked for and both have a plot.
    """

    people: list[str] = field(default_factory=list)
    genres: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    collection: str | None = None
    liked_by_same: bool = False
    parts: dict[str, float] = field(default_factory=dict)
    sentences: Sentences | None = None

    @property
    def by_story(self) -> bool:
        """Whether the plots add more to the score than any other part."""
        return self.parts.get("plot", 0) == max(self.parts.values(), default=1)

    def likeness(self) -> Likeness:
        """What the two films share, as an answer."""
        return Likeness(
            self.collection,
            tuple(self.people),
            tuple(self.keywords),
            tuple(self.genres),
            self.liked_by_same,
            self.by_story,
        )

    def text(self) -> str:
        """One line: "same series: Alien Collection; Ridley Scott (Director); dystopia; Science Fiction"."""
        said = []
        if self.collection:
            said.append(f"same series: {self.collection}")
        if self.people:
            said.append(", ".join(self.people[:3]))
        if self.keywords:
            said.append(", ".join(self.keywords[:4]))
        if self.genres:
            said.append(", ".join(self.genres))
        if self.liked_by_same:
            said.append("liked by the same people")
        if self.by_story:
            said.append("a similar story")
            if self.sentences is not None and self.sentences[2] >= _LEAST_COSINE:
                said[-1] += f": {_quoted(self.sentences[0])} and {_quoted(self.sentences[1])}"
        return "; ".join(said)


_PEOPLE = """
    SELECT b.film_id, any_value(p.name) AS name, any_value(a.job) AS job, a.person_id
    FROM credits a JOIN credits b USING (person_id) JOIN people p USING (person_id)
    WHERE a.film_id = $film AND list_contains($others, b.film_id)
      AND (a.department = 'Acting' OR a.job IN ('Director', 'Writer', 'Screenplay', 'Novel', 'Original Music Composer'))
    GROUP BY b.film_id, a.person_id
    ORDER BY min(CASE WHEN a.job = 'Director' THEN -1 ELSE coalesce(a.position, 5) END), name
"""
_GENRES = """
    SELECT DISTINCT b.film_id, genre FROM genres a JOIN genres b USING (genre)
    WHERE a.film_id = $film AND list_contains($others, b.film_id) ORDER BY genre
"""
_KEYWORDS = """
    WITH own AS (SELECT DISTINCT lower(keyword) AS keyword FROM keywords WHERE film_id = $film),
    shared AS (SELECT DISTINCT film_id, lower(keyword) AS keyword FROM keywords WHERE lower(keyword) IN (FROM own)),
    counts AS (SELECT keyword, count(*) AS films FROM shared GROUP BY keyword)
    SELECT film_id, keyword FROM shared JOIN counts USING (keyword)
    WHERE list_contains($others, film_id) ORDER BY films, keyword
"""
_COLLECTIONS = """
    SELECT b.film_id, c.name FROM films a JOIN films b USING (collection_id) JOIN collections c USING (collection_id)
    WHERE a.film_id = $film AND list_contains($others, b.film_id)
"""
_PLOTS = """
    SELECT film_id, arg_min(plot, (source LIKE '%wikipedia%', -length(plot), source))
    FROM plots WHERE list_contains(?, film_id) GROUP BY film_id
"""


def why(cursor: duckdb.DuckDBPyConnection, film_id: int, parts: Mapping[int, dict[str, float]]) -> dict[int, Reasons]:
    """Reasons for several films being like one.

    Args:
        cursor: of the catalogue.
        film_id: the one.
        parts: the others, each with what every part adds to its score.
    """
    asked = {"film": film_id, "others": list(parts)}
    shared: dict[str, dict[int, list[str]]] = {}
    for name, query in (("genres", _GENRES), ("keywords", _KEYWORDS), ("collection", _COLLECTIONS)):
        shared[name] = defaultdict(list)
        for other, label in cursor.execute(query, asked).fetchall():
            shared[name][other].append(label)
    people: dict[int, list[str]] = defaultdict(list)
    for other, name, job, _ in cursor.execute(_PEOPLE, asked).fetchall():
        people[other].append(name if job == "Actor" else f"{name} ({job})")
    return {
        other: Reasons(
            people=people[other],
            genres=shared["genres"][other],
            keywords=shared["keywords"][other],
            collection=next(iter(shared["collection"][other]), None),
            liked_by_same=adds.get("taste", 0) >= _LIKED_SHARE,
            parts=adds,
        )
        for other, adds in parts.items()
    }


def closest_sentences(
    cursor: duckdb.DuckDBPyConnection, encoder: PlotEncoder, film_id: int, others: Sequence[int]
) -> dict[int, Sentences]:
    """The sentences of a film's plot and of each other film's that are most alike; films without a plot are left out.

    Args:
        cursor: of the catalogue.
        encoder: of sentences.
        film_id: the one film.
        others: ids of the others.
    """
    plots = dict(cursor.execute(_PLOTS, [[film_id, *others]]).fetchall())
    sentences = {i: [s.strip() for s in _SENTENCE.split(plot) if s.strip()] for i, plot in plots.items()}
    own = sentences.get(film_id, [])
    wanted = [i for i in others if own and sentences.get(i)]
    left = encoder.encode(own) if wanted else np.zeros((0, 0), np.float32)
    out = {}
    for other in wanted:
        cosine = left @ encoder.encode(sentences[other]).T
        a, b = np.unravel_index(int(cosine.argmax()), cosine.shape)
        out[other] = (own[int(a)], sentences[other][int(b)], float(cosine[a, b]))
    return out


def _quoted(sentence: str) -> str:
    return f'"{sentence if len(sentence) <= _LONGEST_QUOTE else sentence[: _LONGEST_QUOTE - 1] + "…"}"'
