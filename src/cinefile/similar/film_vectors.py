"""The vectors of a catalogue's films, all parts fused into one row per film, and the folder they are kept in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.errors import ModelError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.similar.feature_blocks import DENSE_PARTS, LACKABLE_PARTS, PARTS, SPARSE_PARTS

__all__ = ["DENSE_PARTS", "KIND", "LACKABLE_PARTS", "PARTS", "SPARSE_PARTS", "FilmVectors", "bit", "lackable_mask"]

DEFAULT_WEIGHTS = MappingProxyType(
    {
        "plot": 0.56,
        "genres": 0.28,
        "keywords": 0.35,
        "people": 1.2,
        "title": 0.8,
        "year": 0.3,
        "reception": 0.4,
        "collection": 0.5,
        "taste": 1.26,
    }
)


KIND = "similar"
Span = tuple[int, int]


@dataclass(frozen=True)
class FilmVectors:
    """Fused vectors of n films.

    Attributes:
        film_id: (n,) int64, ascending.
        codes: (n, d) int8; a row times its scale is the film's dense row.
        scales: (n,) float32.
        sparse: (n, f) sparse float32.
        present: (n,) uint16, bit p set where the film has part PARTS[p].
        spans: part -> first and last+1 column, in `codes` or in `sparse`.
        weights: part -> w_p as multiplied in.
        means: part -> mean likeness of two films that have it.
        plot_hash: (n,) uint64, hash of the encoder's name and the plot; 0 where there is none.
        plot_basis: (e, r) float32, takes the encoder's vectors to the stored plot part.
        encoder: name of the encoder.
        catalogue: state of the catalogue that they were made from (its `fingerprint`), "" where not known.
    """

    film_id: NDArray[np.int64]
    codes: NDArray[np.int8]
    scales: NDArray[np.float32]
    sparse: csr_array
    present: NDArray[np.uint16]
    spans: Mapping[str, Span]
    weights: Mapping[str, float]
    means: Mapping[str, float]
    plot_hash: NDArray[np.uint64]
    plot_basis: NDArray[np.float32]
    encoder: str
    catalogue: str = ""

    def __len__(self) -> int:
        return len(self.film_id)

    def without(self, part: str) -> "FilmVectors":
        """The same vectors with one part taken for absent everywhere: nothing is taken over from it."""
        return replace(self, present=self.present & np.uint16(0xFFFF ^ bit(part)))

    def dense(self, part: str, rows: NDArray[np.integer] | slice = slice(None)) -> NDArray[np.float32]:
        """Rows of one dense part, weight taken out: length about 1, or 0 where the film lacks it."""
        first, last = self.spans[part]
        block = self.codes[rows, first:last].astype(np.float32) * self.scales[rows][:, None]
        return np.asarray(block / np.sqrt(self.weights[part]), np.float32)

    def save(self, path: str | Path, card: str = "") -> Path:
        """Write the model folder: `codes.npy` (memory-mapped when read) and `arrays.safetensors`."""
        facts = {
            "films": len(self),
            "encoder": self.encoder,
            "catalogue": self.catalogue,
            "parts": {
                p: {"columns": list(self.spans[p]), "weight": self.weights[p], "mean": self.means[p]} for p in PARTS
            },
            "sparse_columns": int(self.sparse.shape[1]),
        }
        arrays = {
            "film_id": self.film_id.astype(np.int32),
            "scales": self.scales,
            "sparse_data": self.sparse.data.astype(np.float16),
            "sparse_indices": self.sparse.indices.astype(np.int32),
            "sparse_lengths": np.diff(self.sparse.indptr).astype(np.uint16),
            "present": self.present,
            "plot_hash": self.plot_hash,
            "plot_basis": self.plot_basis.astype(np.float16),
        }
        return write_folder(
            path,
            kind=KIND,
            facts=facts,
            arrays=arrays,
            card=card,
            extra=lambda folder: np.save(folder / "codes.npy", self.codes),
        )

    @classmethod
    def load(cls, path: str | Path, *, verify: bool = True) -> "FilmVectors":
        """Read a model folder; the codes stay on disk until they are used.

        Raises:
            ModelError: missing, damaged or of another kind.
        """
        folder = ModelFolder(path, kind=KIND, verify=verify)
        arrays, facts = folder.arrays(), folder.facts
        try:
            codes = np.load(folder.file("codes.npy"), mmap_mode="r")
            parts: dict[str, dict[str, Any]] = facts["parts"]
            indptr = np.concatenate([[0], np.cumsum(arrays["sparse_lengths"], dtype=np.int64)])
            shape = (len(arrays["film_id"]), int(facts["sparse_columns"]))
            data = arrays["sparse_data"].astype(np.float32)
            return cls(
                film_id=arrays["film_id"].astype(np.int64),
                codes=codes,
                scales=arrays["scales"],
                sparse=csr_array((data, arrays["sparse_indices"], indptr), shape=shape),
                present=arrays["present"],
                spans={p: (int(f["columns"][0]), int(f["columns"][1])) for p, f in parts.items()},
                weights={p: float(f["weight"]) for p, f in parts.items()},
                means={p: float(f["mean"]) for p, f in parts.items()},
                plot_hash=arrays["plot_hash"],
                plot_basis=arrays["plot_basis"].astype(np.float32),
                encoder=str(facts["encoder"]),
                catalogue=str(facts.get("catalogue", "")),
            )
        except (KeyError, ValueError, OSError) as error:
            raise ModelError(f"{path} is not a whole folder of film vectors: {error}.", "Build it again.") from error


def bit(part: str) -> int:
    """The bit of `present` that stands for a part."""
    return 1 << PARTS.index(part)


def lackable_mask() -> int:
    """Bits of the parts a film may lack."""
    return sum(bit(p) for p in LACKABLE_PARTS)
