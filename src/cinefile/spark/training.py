"""Training a rating model on a cluster, from a store of ratings to the model folder that one machine serves."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from cinefile.errors import InputError
from cinefile.spark.people_loop import Checkpoints, SparkLoop
from cinefile.spark.rating_store import Layout, MakePart, RatingStore, StoreFacts, columns
from cinefile.spark.session import tasks
from cinefile.spark.shared_files import Folder
from cinefile.taste.film_features import FilmFeatures
from cinefile.taste.models.ease import EaseModel
from cinefile.taste.models.factor.likes import ImplicitScores, fame, sampled
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.models.factor.training import known_of, plan_of, take, train
from cinefile.taste.progress import Watch
from cinefile.taste.rating_model import RatingModel
from cinefile.taste.ratings import Ints, empty_people, places
from cinefile.taste.train import Noted, figures, films_of, model_card, watched_model

if TYPE_CHECKING:
    from pyspark import SparkContext

_PARTS_DONE = "parts.json"


def train_taste(
    context: "SparkContext", store: RatingStore, catalogue: Path, name: str, out: Path, work: Folder, watch: Watch
) -> dict[str, Any]:
    """Train a model on a store's ratings and write its folder, as ``taste.training.train_taste`` does.

    A run that was stopped goes on after its last finished round if it finds its work folder.

    Args:
        context: the cluster.
        store: the ratings.
        catalogue: whose films the factor model learns from.
        name: of the model: factor or ease.
        out: folder to write, on this machine.
        work: folder that all machines share, for parts and checkpoints; removed at the end.
        watch: told about rounds.

    Returns:
        Figures of the run.

    Raises:
        InputError: no ratings, or a model that cannot be trained on a cluster.
    """
    model, start = watched_model(name), time.perf_counter()
    noted = Noted(watch)
    fit(context, model, store, work, noted, films_of(catalogue) if name == "factor" else None)
    facts = figures(model, int(model.counts.sum()), store.facts().people, start, noted)
    model.save(out, with_people=False, card=model_card(facts, catalogue.name))
    work.clear()
    return {**facts, "folder": str(out)}


def fit(
    context: "SparkContext",
    model: RatingModel,
    store: RatingStore,
    work: Folder,
    watch: Watch,
    features: FilmFeatures | None = None,
) -> None:
    """Train a model in place; it knows no people afterwards, as one saved without.

    Raises:
        InputError: no ratings, or a model that cannot be trained on a cluster.
    """
    if not isinstance(model, FactorModel | EaseModel):
        raise InputError(f"The model {model.kind!r} is not trained on a cluster.", "Those that are: factor, ease.")
    facts = store.facts()
    film_ids = _film_ids(context, store, facts)
    if features is not None:
        film_ids = np.union1d(film_ids, features.film_ids)
    layout = Layout.of(facts)
    model.film_ids, model.user_ids = film_ids, np.empty(0, dtype=np.int64)
    model.mean, model.range = facts.mean, (facts.lowest, facts.highest)
    model.history = empty_people(len(film_ids), 0)
    _make_parts(context, store, work, film_ids, facts, layout)
    loop = SparkLoop(context, work, layout.parts, len(film_ids))
    chosen = loop.sum(fame, model.like).rows
    model.counts = chosen[:, 1].astype(np.int64)
    if isinstance(model, EaseModel):
        model.learn(loop, watch)
        return
    plan, known = plan_of(model, facts.ratings), known_of(model, film_ids, features)
    run = {"plan": asdict(plan), "validation": model.validation, "written": facts.written, "films": len(film_ids)}
    checkpoints = Checkpoints(work, run | {"known": model.feature_names})
    before = checkpoints.last()
    loop = SparkLoop(context, work, layout.parts, len(film_ids), (model.validation, model.seed))
    loop.version = before.done if before is not None else 0
    take(model, train(loop, facts.mean, known, plan, watch, before, checkpoints.keep))
    model.scores = ImplicitScores.of(
        *_sample(context, store, facts, film_ids, model.pick_people),
        fame=chosen[:, 0].astype(np.float64),
        people=facts.people,
        like=model.like,
        ridge=model.ridge_picks,
        blend=model.blend,
        most_films=model.pick_films,
        most_people=model.pick_people,
    )


def _film_ids(context: "SparkContext", store: RatingStore, facts: StoreFacts) -> Ints:
    def films(buckets: Iterable[int]) -> Iterable[Ints]:
        yield np.unique(np.concatenate([np.unique(np.asarray(store.bucket(b)["film_id"])) for b in buckets]))

    buckets = context.parallelize(range(facts.buckets), tasks(context, facts.buckets))
    return np.unique(np.concatenate(buckets.mapPartitions(films).collect()))


def _make_parts(
    context: "SparkContext", store: RatingStore, work: Folder, film_ids: Ints, facts: StoreFacts, layout: Layout
) -> None:
    """Lay the ratings out for training, unless a run before this one did."""
    said = {**asdict(layout), "written": facts.written, "films": len(film_ids)}
    if work.read_json(_PARTS_DONE) == said:
        return
    work.renew()
    sent = context.broadcast(film_ids)
    context.parallelize(range(layout.parts), tasks(context, layout.parts)).foreach(MakePart(store, work, sent, facts))
    sent.destroy()
    work.write_json(_PARTS_DONE, said)


def _sample(
    context: "SparkContext", store: RatingStore, facts: StoreFacts, film_ids: Ints, most: int
) -> tuple[sp.csr_matrix, Ints]:
    """Rows of stars of the people from whom the picks' scores are learned, and their ids, ascending."""

    def some(bucket: int) -> pa.Table:
        table = store.bucket(bucket).select(["user_id", "film_id", "stars"])
        return table.filter(pa.array(sampled(np.asarray(table["user_id"]), facts.people, most)))

    found = context.parallelize(range(facts.buckets), tasks(context, facts.buckets)).map(some).collect()
    user, film, stars = columns(pa.concat_tables(found))
    ids, row = np.unique(user, return_inverse=True)
    matrix = sp.csr_matrix((stars, (row, places(film, film_ids))), shape=(len(ids), len(film_ids)))
    return matrix, ids
