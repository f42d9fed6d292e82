"""What the factor model's training leaves on disk after every round, so that a stopped run goes on from there."""

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.modelfiles import ModelFolder, write_folder

if TYPE_CHECKING:
    from cinefile.taste.factor_training import Trained

_KIND = "factor-training"


def fingerprint(*parts: Any) -> str:
    """SHA-256 of settings and of the ratings they apply to; sparse matrices by their arrays, all else by its text."""
    digest = hashlib.sha256()
    for part in parts:
        if sp.issparse(part):
            for array in (part.data, part.indices, part.indptr):
                digest.update(np.ascontiguousarray(array).data)
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()


class Checkpoint:
    """A folder that holds the latest round.

    Only what a round does not work out anew is kept: the films' posteriors, both priors and the noise.

    Args:
        folder: where; written whole or not at all.
        key: what the run is made of, see ``fingerprint``; a state of another run is left alone and not used.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder, self._key = folder, key

    def keep(self, state: "Trained") -> None:
        """Write the state after a round.

        Raises:
            ModelError: it cannot be written.
        """
        people, films = state.people, state.films
        arrays: dict[str, NDArray[Any]] = {
            "mean": films.mean,
            "covariance": films.covariance,
            "film_prior_mean": films.prior_mean,
            "people_prior_mean": people.prior_mean,
        }
        for name, side in (("people", people), ("films", films)):
            arrays |= {f"{name}_{of}": getattr(side, of) for of in ("prior_precision", "weight", "implicit", "fitted")}
        facts = {"key": self._key, "precision": state.precision, "errors": state.errors}
        write_folder(self._folder, kind=_KIND, facts=facts, arrays=arrays)

    def restore(self, state: "Trained") -> bool:
        """Take up the state of an earlier run of the same ratings and settings; False where there is none.

        Raises:
            ModelError: the folder is damaged.
        """
        if not self._folder.exists():
            return False
        folder = ModelFolder(self._folder, kind=_KIND)
        if folder.facts["key"] != self._key:
            return False
        arrays = folder.arrays()
        people, films = state.people, state.films
        films.mean, films.covariance = arrays["mean"], arrays["covariance"]
        films.prior_mean, people.prior_mean = arrays["film_prior_mean"], arrays["people_prior_mean"]
        for name, side in (("people", people), ("films", films)):
            for of in ("prior_precision", "weight", "implicit", "fitted"):
                setattr(side, of, arrays[f"{name}_{of}"])
        state.precision, state.errors = float(folder.facts["precision"]), list(folder.facts["errors"])
        return True

    def clear(self) -> None:
        """Remove the folder, where it is this run's."""
        if self._folder.exists() and ModelFolder(self._folder, kind=_KIND, verify=False).facts["key"] == self._key:
            shutil.rmtree(self._folder)
