"""How much training the shipped tagger again changes: folders that `cinefile train starter-genres` wrote, side by side.

    CINEFILE_TAGGERS=FOLDER,FOLDER… python -m benchmarks genres_seeds

Each folder's name is its row. Judged as the shipped one is, on MIAD's 20% split and on IMDb's 1,835 rows. Writes
benchmarks/results/genres-seeds.json.
"""

import os
import sys
from pathlib import Path

import numpy as np

from benchmarks import _results
from cinefile.evaluation import classification_metrics as metrics
from cinefile.evaluation import genre_protocols as protocols
from cinefile.genres.models.shipped import ShippedTagger
from cinefile.genres.training import corpus
from cinefile.genres.training.labelled_films import read_films

MIAD = protocols.MIAD_COLUMNS[1:8]


def main(full: bool) -> None:
    """Judge them; `full` changes nothing."""
    folders = [Path(f) for f in os.environ.get("CINEFILE_TAGGERS", "").split(",") if f]
    if len(folders) < 2:
        sys.stderr.write("genres_seeds: set CINEFILE_TAGGERS to two folders or more.\n")
        return
    data = _results.data_folder()
    rows = {folder.name: figures(folder, data) for folder in folders}
    values = np.array([list(row.values()) for row in rows.values()])
    names = list(next(iter(rows.values())))
    document = {
        "taggers": rows,
        "mean": dict(zip(names, values.mean(axis=0).tolist(), strict=True)),
        "standard deviation": dict(zip(names, values.std(axis=0, ddof=1).tolist(), strict=True)),
    }
    _results.write("genres-seeds", document, "python -m benchmarks genres_seeds, with CINEFILE_TAGGERS=FOLDER,FOLDER…")


def figures(folder: Path, data: Path) -> dict[str, float]:
    """One tagger's figures on both test parts."""
    tagger = ShippedTagger(folder)
    test = protocols.miad_split(data, corpus.MIAD_TEST_SIZE).test
    p = protocols.probabilities(tagger, test)
    found = protocols.miad_figures(p, corpus.targets(test)[0], np.array(list(tagger.thresholds.values())))
    one_of = ShippedTagger(folder, "imdb27")
    rows = read_films(data / "imdb-genres" / "test_data_solution.txt")
    p = protocols.probabilities(one_of, rows)
    accuracy = metrics.class_figures(p, corpus.classes(rows))["accuracy"]
    return dict(zip(MIAD, found, strict=False)) | {"accuracy, one of 27": accuracy}
