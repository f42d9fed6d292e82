"""Every protocol of `cinefile evaluate`, each into its results file.

    python -m benchmarks protocols

Without --full those that judge shipped models or train for minutes; with it all, which takes hours. Rows of models that
are not run again stay, with the day they were measured.
"""

from benchmarks import _results
from cinefile.cli.app import app
from cinefile.evaluation import PROTOCOLS

# What runs without --full: the models named, of the protocols named.
QUICK = {
    "miad-grid": "shipped",
    "imdb27": "shipped",
    "ml1m-users": "popularity,ease",
    "cold-films": "popularity,bias",
    "ml-small-time": "popularity,bias,factor",
}


def main(full: bool) -> None:
    """Run them."""
    for name in PROTOCOLS if full else QUICK:
        models = [] if full else ["--models", QUICK[name]]
        place = ["--data", str(_results.data_folder()), "--out", str(_results.FOLDER), "--merge"]
        app(["evaluate", name, *models, *place], standalone_mode=False)
