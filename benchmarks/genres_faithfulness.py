"""Are the explanations faithful? Deletion curves: take the strongest words out one after the other, and random ones.

    python -m benchmarks genres_faithfulness

For each film of a sample of MIAD's test part and its most probable genre: how far the genre's logit falls when the k
words named first by `explain` are taken out, against k random content words (mean of five draws). Writes
benchmarks/results/genres-faithfulness.json.
"""

import numpy as np

from benchmarks import _results
from cinefile import load_tagger
from cinefile.evaluation.genre_protocols import miad_split
from cinefile.genres.explain import occlude, spans, without
from cinefile.genres.models.shipped import ShippedTagger

STEPS, DRAWS = (1, 2, 3, 5, 8), 5


def main(full: bool) -> None:
    """Run it; `full` takes more plots."""
    tagger = load_tagger(threads=2)
    assert isinstance(tagger, ShippedTagger)
    rng = np.random.default_rng(0)
    named, drawn = [], []
    for film in [f for f in miad_split(_results.data_folder(), 0.2).test if 25 <= len(f.plot.split()) <= 120][
        : 200 if full else 16
    ]:
        places = spans(film.plot, "word")
        words = list(places)
        if len(words) < max(STEPS) + 2:
            continue
        column = int(tagger.predict_proba([film.plot])[0].argmax())
        found = occlude(film.plot, lambda texts, c=column: tagger.logits(texts)[:, [c]])  # type: ignore[misc]
        order = [c.text for c in found.strongest(0)]
        sets = [order[:k] for k in STEPS]
        sets += [list(rng.permutation(words)[:k]) for _ in range(DRAWS) for k in STEPS]
        texts = [film.plot] + [without(film.plot, [p for w in part for p in places[w]]) for part in sets]
        values = tagger.logits(texts)[:, column]
        falls = values[0] - values[1:]
        named.append(falls[: len(STEPS)])
        drawn.append(falls[len(STEPS) :].reshape(DRAWS, len(STEPS)).mean(axis=0))
    a, b = np.array(named), np.array(drawn)
    document = {
        "films": len(a),
        "words_taken_out": list(STEPS),
        "mean_fall_of_logit_named": a.mean(axis=0).tolist(),
        "mean_fall_of_logit_random": b.mean(axis=0).tolist(),
        "share_of_films_where_named_falls_further": (a > b).mean(axis=0).tolist(),
    }
    _results.write(
        "genres-faithfulness", document, "python -m benchmarks genres_faithfulness" + (" --full" if full else "")
    )
