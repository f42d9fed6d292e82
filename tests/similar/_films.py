"""A made-up catalogue of films for tests, and an encoder that needs no network."""

import hashlib

import numpy as np
from scipy.sparse import csr_array

from cinefile.search.word_index import words
from cinefile.similar.film_table import UNKNOWN, FilmTable, Labels
from cinefile.similar.liked import Likes

GENRES = ("Comedy", "Drama", "Horror", "Romance", "Science Fiction", "War")
TOPICS = {
    "Science Fiction": "spaceship robot planet alien galaxy laser android future",
    "Horror": "ghost haunted blood monster vampire cellar scream night",
    "Romance": "love wedding kiss paris heart letter summer bride",
    "War": "soldier battle trench general invasion army tank front",
    "Comedy": "joke neighbour mistake party prank dog chaos boss",
    "Drama": "family loss father village secret court illness debt",
}


class WordEncoder:
    """Bag of hashed words: texts that share words are alike. In place of the language model, for its size."""

    name = "word-hash"

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts):
        self.encoded += len(texts)
        out = np.zeros((len(texts), 48), np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                out[row, hashlib.sha256(word.encode()).digest()[0] % 48] += 1
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def labels(rows):
    names = sorted({name for row in rows for name in row})
    pairs = [(i, names.index(name)) for i, row in enumerate(rows) for name in row]
    at = np.array(pairs, np.int64).reshape(-1, 2)
    return Labels.from_pairs(at[:, 0], at[:, 1], np.ones(len(at), np.float32), names, len(rows))


def make_table(n=120, seed=3):
    """n films, one genre each, plots of their genre's words; every fourth lacks a plot, every fifth people."""
    rng = np.random.default_rng(seed)
    genre = rng.integers(0, len(GENRES), n)
    topics = [TOPICS[GENRES[g]].split() for g in genre]
    plot = tuple("" if i % 4 == 3 else " ".join(rng.choice(t, 5)) for i, t in enumerate(topics))
    return FilmTable(
        film_id=np.arange(1, n + 1, dtype=np.int64) * 2,
        title=tuple(f"{topics[i][i % 8].title()} {i}" for i in range(n)),
        year=np.where(np.arange(n) % 7 == 6, UNKNOWN, 1950 + rng.integers(0, 70, n)).astype(np.int16),
        language=("en",) * n,
        collection=np.where(np.arange(n) % 10 < 2, np.arange(n) // 10, UNKNOWN).astype(np.int64),
        vote_average=rng.uniform(3, 9, n).astype(np.float32),
        vote_count=rng.integers(1, 5000, n).astype(np.float32),
        popularity=rng.uniform(0, 50, n).astype(np.float32),
        genres=labels([[GENRES[g]] for g in genre]),
        keywords=labels([list(rng.choice(t, 2, replace=False)) for t in topics]),
        people=labels([[] if i % 5 == 4 else [f"person {g * 6 + j}" for j in rng.choice(6, 2, replace=False)]
                       for i, g in enumerate(genre)]),
        plot=plot,
        aliases=((),) * n,
    )  # fmt: skip


def make_likes(table, users=300, seed=4):
    """People like films of one genre, and now and then another."""
    rng = np.random.default_rng(seed)
    genre = np.asarray(table.genres.weights.argmax(axis=1)).ravel()
    taste = rng.integers(0, len(GENRES), users)
    chance = np.where(taste[:, None] == genre[None, :], 0.5, 0.03)
    return Likes(csr_array((rng.random(chance.shape) < chance).astype(np.float32)))
