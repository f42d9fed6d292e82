"""How good is a new tag learnt from 8 or 16 example films? Sixteen of TMDB's keywords that are no genres.

    python -m benchmarks genres_few_shot

Examples come from tmdb-5000's films that the shipped tagger may have seen in training (with their genres, never with
these tags), 60 films without the tag beside them; judged on all its films of which the tagger has seen nothing (those
of MIAD's and IMDb's evaluation parts). Five draws a tag. Beside `cinefile train genres` stand the same on each half of
its vectors, on the encoder before it was fine-tuned, and TF-IDF with logistic regression on the same examples.
Keywords are incomplete: a film without one may still deserve it, so precision is a lower bound.

Writes benchmarks/results/genres-few-shot.json.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import _results
from cinefile.evaluation import classification_metrics as metrics
from cinefile.genres import models as taggers
from cinefile.genres import shipped_encoder
from cinefile.genres.models.own_labels import CustomTagger
from cinefile.genres.training import corpus
from cinefile.genres.training.corpus import EvaluationFilms
from cinefile.genres.training.labelled_films import LabelledFilm, read_films
from cinefile.sources import read_table
from cinefile.text import static_encoder
from cinefile.text.encoder import Encoder, JoinedEncoder, OnnxEncoder
from cinefile.text.onnx_export import export_encoder

TAGS = (
    "dystopia", "alien", "high school", "superhero", "prison", "time travel", "serial killer", "wedding", "christmas",
    "martial arts", "vampire", "robbery", "spy", "witch", "lawyer", "journalist",
)  # fmt: skip
EXAMPLES, OTHERS, DRAWS, FIRST = (8, 16), 60, 5, 10
Judge = Callable[[list[LabelledFilm], list[list[str]], list[LabelledFilm]], NDArray[np.float64]]


class Remembering:
    """An encoder that encodes every text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.dimension = encoder, encoder.dimension
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension)."""
        new = [t for t in dict.fromkeys(texts) if t not in self._known]
        self._known |= dict(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[t] for t in texts])


def main(full: bool) -> None:
    """Run it; `full` changes nothing."""
    films, words = _films(_results.data_folder())
    seen_before = EvaluationFilms(corpus.evaluation_films(_results.data_folder()))
    judged = [i for i, film in enumerate(films) if film in seen_before]
    rest = sorted(set(range(len(films))) - set(judged))
    with tempfile.TemporaryDirectory() as scratch:
        plain = OnnxEncoder(export_encoder(Path(scratch) / "plain"))
        tuned, general = Remembering(shipped_encoder()), Remembering(static_encoder.shipped_encoder())
        judges: dict[str, Judge] = {
            "cinefile train genres": _custom(JoinedEncoder(tuned, general)),
            "the same on the tagger's vectors": _custom(tuned),
            "the same on those of search": _custom(general),
            "the same on the encoder before fine-tuning": _custom(Remembering(plain)),
            "TF-IDF + logistic": _tfidf,
        }
        found: dict[str, dict[int, list[list[float]]]] = {name: {k: [] for k in EXAMPLES} for name in judges}
        for number, tag in enumerate(TAGS):
            y = np.array([tag in words[i] for i in judged])
            for draw in range(DRAWS):
                rng = np.random.default_rng([number, draw])
                having = rng.permutation([i for i in rest if tag in words[i]])
                others = rng.permutation([i for i in rest if tag not in words[i]])[:OTHERS]
                for k in EXAMPLES:
                    chosen = [int(i) for i in (*having[:k], *others)]
                    labels = [[tag]] * min(k, len(having)) + [[]] * OTHERS
                    for name, judge in judges.items():
                        p = judge([films[i] for i in chosen], labels, [films[i] for i in judged])
                        hits = y[np.argsort(-p, kind="stable")[:FIRST]].mean()
                        found[name][k].append([metrics.auc(p, y.astype(np.float32)), float(hits)])
    models = {name: {f"{k} examples": _figures(np.array(v)) for k, v in by.items()} for name, by in found.items()}
    document = {
        "tags": list(TAGS),
        "draws": DRAWS,
        "films_judged": len(judged),
        "share_with_the_tag": float(np.mean([[tag in words[i] for i in judged] for tag in TAGS])),
        "models": models,
    }
    _results.write("genres-few-shot", document, "python -m benchmarks genres_few_shot")


def _films(data: Path) -> tuple[list[LabelledFilm], list[set[str]]]:
    path = data / "tmdb-5000" / "tmdb_5000_movies.csv"
    known = read_table(path, "film").select(["tmdb_id", "keywords"]).to_pylist()
    words = {f"tmdb:{row['tmdb_id']}": set(row["keywords"] or ()) for row in known}
    films = [f for f in read_films(path) if f.genres and f.plot]
    return films, [words[film.ids[0]] for film in films]


def _figures(values: NDArray[np.float64]) -> dict[str, float]:
    means = values.reshape(len(TAGS), DRAWS, 2).mean(axis=1)
    return {
        "AUC": float(means[:, 0].mean()),
        "worst tag's AUC": float(means[:, 0].min()),
        f"precision of the first {FIRST}": float(means[:, 1].mean()),
    }


def _custom(encoder: Encoder) -> Judge:
    def judge(films: list[LabelledFilm], labels: list[list[str]], judged: list[LabelledFilm]) -> NDArray[np.float64]:
        tagger = CustomTagger(encoder)
        tagger.fit([f.plot for f in films], labels, [f.title for f in films], [f.year for f in films])
        p = tagger.predict_proba([f.plot for f in judged], [f.title for f in judged], [f.year for f in judged])
        found: NDArray[np.float64] = p[:, 0]
        return found

    return judge


def _tfidf(films: list[LabelledFilm], labels: list[list[str]], judged: list[LabelledFilm]) -> NDArray[np.float64]:
    model = taggers.make("linear", features="tfidf", feature_settings={"ngrams": 1}).fit(
        [f.plot for f in films], labels
    )
    return model.predict_proba([f.plot for f in judged])[:, 0]
