"""Where the factor model's training starts: the films' leading singular vectors."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.sparse as sp

from cinefile.taste.factor_core import Array
from cinefile.taste.factor_sides import Side, blocks, times

_STEPS = 4


def starting_vectors(people: Side, films: Side, factors: int, seed: int, pool: ThreadPoolExecutor) -> Array:
    """(films, factors) leading right singular vectors of the stars less biases, by subspace iteration.

    Halko, Martinsson and Tropp, SIAM Review 2011, algorithm 4.4. From random vectors the first five rounds do little
    else than find this subspace.
    """
    film_bias = np.asarray(films.gaps.sum(axis=1)).ravel() / (films.counts + 3.0)
    total = np.asarray(people.gaps.sum(axis=1)).ravel()
    total = total - times(people.seen_blocks, film_bias.astype(np.float32)[:, None], pool)[:, 0]
    person_bias = (total / (people.counts + 5.0)).astype(np.float32)
    left = people.gaps.data - film_bias.astype(np.float32)[people.gaps.indices] - np.repeat(person_bias, people.counts)
    residual = sp.csr_matrix((left, people.gaps.indices, people.gaps.indptr), shape=people.gaps.shape)
    across, back = blocks(residual), blocks(residual.T.tocsr())
    vectors = np.random.default_rng(seed).normal(size=(films.mean.shape[0], factors)).astype(np.float32)
    for _ in range(_STEPS):
        vectors = np.linalg.qr(times(back, times(across, vectors, pool), pool))[0]
    # A length at which the first solve for people neither ignores the films nor trusts them blindly.
    scaled: Array = vectors * np.float32(0.3 / np.sqrt(factors) / max(float(vectors.std()), 1e-9))
    # With fewer films than factors there are no more directions than films; the factors left over start at zero.
    return np.pad(scaled, ((0, 0), (0, factors - scaled.shape[1])))
