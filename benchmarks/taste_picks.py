"""A new person's top-10: milliseconds from `{film_id: stars}` to picks with intervals and reasons.

    python -m benchmarks taste_picks

The shipped model as it is, and widened by films without ratings to MovieLens 25M's 62,423. Processor time stands beside
wall time: on a busy machine the latter says little.
"""

import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from benchmarks._results import write
from cinefile import starter
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models.factor.model import FactorModel

FILMS = 62_423


def picks_milliseconds(model: FactorModel, people: int = 200, rated: int = 100) -> dict[str, float]:
    """Percentiles over new people with ``rated`` ratings each of the most rated films."""
    rng = np.random.default_rng(7)
    famous = model.film_ids[np.argsort(-model.counts)[:2000]]
    wall, processor = [], []
    for _ in range(people + 10):
        ratings = dict(zip(rng.choice(famous, rated, replace=False).tolist(), rng.integers(1, 6, rated), strict=True))
        start, before = time.perf_counter(), time.process_time()
        model.recommend(ratings, k=10)
        wall.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (time.process_time() - before))
    figures = {"wall_p50": wall, "wall_p95": wall, "processor_p50": processor, "processor_p95": processor}
    return {name: round(float(np.percentile(of[10:], int(name[-2:]))), 2) for name, of in figures.items()}


def main(full: bool) -> None:
    """Measure both sizes and write the result."""
    model = FactorModel.load(Path(starter.__file__).with_name("starter.taste"))
    figures = {f"{len(model.film_ids)} films": picks_milliseconds(model)}
    more = np.arange(1_000_000, 1_000_000 + FILMS - len(model.film_ids))
    nothing = sp.csr_matrix((len(more), len(model.learned.feature_names)), dtype=np.float32)
    model.add_films(FilmFeatures(more, nothing, model.learned.feature_names))
    figures[f"{len(model.film_ids)} films"] = picks_milliseconds(model)
    write("taste_picks", {"ratings_given": 100, "milliseconds": figures}, "python -m benchmarks taste_picks")
