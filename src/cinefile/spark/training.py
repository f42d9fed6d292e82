"""Training a rating model on a cluster, from a store of ratings to the model folder that one machine serves."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from cinefile.errors import InputError
from cinefile.progress import Progress
from cinefile.spark.people_loop import SparkLoop
from cinefile.spark.rating_store import Layout, MakePart, RatingStore, columns
from cinefile.spark.session import tasks
from cinefile.spark.shared_files import Folder
from cinefile.taste.checkpoint import Checkpoint
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models import MODELS, model_class, new_model
from cinefile.taste.people_blocks import sampled
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Ints, places
from cinefile.taste.train import VALIDATION, Noted, figures, films_of, model_card

if TYPE_CHECKING:
    from pyspark import SparkContext

_PARTS_DONE = "parts.json"


def train_taste(
    context: "SparkContext",
    store: RatingStore,
    catalogue: Path,
    name: str,
    out: Path,
    work: Folder,
    progress: Progress,
) -> dict[str, Any]:
    """Train a model on a store's ratings and write its folder, as ``taste.train.train_taste`` does.

    A run that was stopped goes on after its last finished round if it finds its work folder.

    Args:
        context: the cluster.
        store: the ratings.
        catalogue: whose films a model that uses film features learns from.
        name: of the model: factor or ease.
        out: folder to write, on this machine.
        work: folder that all machines share, for parts and checkpoints; removed at the end.
        progress: told about rounds.

    Returns:
        Figures of the run.

    Raises:
        InputError: no ratings, or a model that cannot be trained on a cluster.
    """
    model, start, noted = new_model(name), time.perf_counter(), Noted(progress)
    options = RunOptions(progress=noted, validation=VALIDATION)
    fit(context, model, store, work, films_of(catalogue) if model.uses_features else None, options)
    facts = figures(model, int(model.counts.sum()), store.facts().people, start, noted)
    model.save(out, with_people=False, card=model_card(facts, catalogue.name))
    work.clear()
    return {**facts, "folder": str(out)}


def fit(
    context: "SparkContext",
    model: RatingModel,
    store: RatingStore,
    work: Folder,
    features: FilmFeatures | None = None,
    options: RunOptions | None = None,
) -> None:
    """Train a model in place; it knows no people afterwards, as one saved without. Rounds are kept in ``work``.

    Raises:
        InputError: no ratings, or a model that cannot be trained on a cluster.
    """
    if not model.in_blocks:
        able = ", ".join(sorted((name for name in MODELS if model_class(name).in_blocks), reverse=True))
        raise InputError(f"The model {model.kind!r} is not trained on a cluster.", f"Those that are: {able}.")
    blocks = ClusterBlocks(context, store, work, features)
    model.fit_blocks(blocks, features=features, options=options)


class ClusterBlocks:
    """The ratings of a store, laid out in blocks in a work folder; see ``people_blocks.RatingBlocks``.

    Args:
        context: the cluster.
        store: the ratings.
        work: folder that all machines share.
        features: whose films are known too, rated or not.
    """

    def __init__(
        self, context: "SparkContext", store: RatingStore, work: Folder, features: FilmFeatures | None
    ) -> None:
        self._context, self._store, self._work = context, store, work
        self._facts = store.facts()
        self.mean, self.people = self._facts.mean, self._facts.people
        self.range = (self._facts.lowest, self._facts.highest)
        rated, times = self._rated_films()
        self.film_ids = rated if features is None else np.union1d(rated, features.film_ids)
        self.counts = np.zeros(len(self.film_ids), dtype=np.int64)
        self.counts[places(rated, self.film_ids)] = times

    def loop(self, validation: float = 0.0, seed: int = 0) -> SparkLoop:
        """See ``RatingBlocks``."""
        return SparkLoop(self._context, self._work, self._parts, len(self.film_ids), (validation, seed))

    def sample(self, most: int) -> tuple[sp.csr_matrix, Ints]:
        """See ``RatingBlocks``: those whom ``sampled`` chooses, by ascending id."""
        store, people = self._store, self.people

        def some(bucket: int) -> pa.Table:
            table = store.bucket(bucket).select(["user_id", "film_id", "stars"])
            return table.filter(pa.array(sampled(np.asarray(table["user_id"]), people, most)))

        user, film, stars = columns(pa.concat_tables(self._buckets().map(some).collect()))
        ids, row = np.unique(user, return_inverse=True)
        shape = (len(ids), len(self.film_ids))
        return sp.csr_matrix((stars, (row, places(film, self.film_ids))), shape=shape), ids

    def checkpoint(self, run: Mapping[str, Any]) -> Checkpoint:
        """See ``RatingBlocks``; what is kept of the people lies in the work folder already."""
        return Checkpoint(self._work, {**run, "ratings": self._facts.written, "films": len(self.film_ids)})

    def _buckets(self) -> Any:
        return self._context.parallelize(range(self._facts.buckets), tasks(self._context, self._facts.buckets))

    def _rated_films(self) -> tuple[Ints, Ints]:
        """Ids of the rated films, ascending, and the number of ratings of each."""
        store = self._store

        def films(buckets: Iterable[int]) -> Iterable[tuple[Ints, Ints]]:
            found = [np.unique(np.asarray(store.bucket(b)["film_id"]), return_counts=True) for b in buckets]
            yield _added(found)

        return _added(self._buckets().mapPartitions(films).collect())

    @cached_property
    def _parts(self) -> int:
        """Number of parts; they are laid out for training when first asked for, unless an earlier run did."""
        layout, work = Layout.of(self._facts), self._work
        said = {**asdict(layout), "written": self._facts.written, "films": len(self.film_ids)}
        if work.read_json(_PARTS_DONE) != said:
            work.renew()
            sent = self._context.broadcast(self.film_ids)
            numbers = self._context.parallelize(range(layout.parts), tasks(self._context, layout.parts))
            numbers.foreach(MakePart(self._store, work, sent, self._facts))
            sent.destroy()
            work.write_json(_PARTS_DONE, said)
        return layout.parts


def _added(found: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Counts by id added up, ids ascending."""
    ids, place = np.unique(np.concatenate([ids for ids, _ in found]), return_inverse=True)
    counts = np.concatenate([counts for _, counts in found])
    return ids, np.bincount(place, counts, minlength=len(ids)).astype(np.int64)
