import os

import numpy as np
import pytest
from tests.similar._films import TOPICS, WordEncoder, labels, make_table
from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.errors import ModelError
from cinefile.similar import train
from cinefile.similar.feature_blocks import genres, keywords
from cinefile.similar.film_similarity import top_k
from cinefile.similar.film_table import UNKNOWN, FilmTable
from cinefile.similar.film_vectors import FilmVectors
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.similar.train import open_neighbours
from cinefile.similar.vector_building import build_vectors, mean_likeness


def joined(table, titles, genres_of, plots):
    """The table with films of which only title, year, genres and plot are known."""
    n = len(titles)

    def longer(old, new):
        return np.concatenate([old, new])

    def more(old, rows):
        names = old.names
        return labels([old.of(i) for i in range(len(table))] + rows) if names else old

    nothing = np.full(n, np.nan, np.float32)
    return FilmTable(
        film_id=longer(table.film_id, table.film_id[-1] + 1 + np.arange(n)),
        title=table.title + tuple(titles),
        year=longer(table.year, np.full(n, 1999, np.int16)),
        language=table.language + ("",) * n,
        collection=longer(table.collection, np.full(n, UNKNOWN)),
        vote_average=longer(table.vote_average, nothing),
        vote_count=longer(table.vote_count, nothing),
        popularity=longer(table.popularity, nothing),
        genres=more(table.genres, genres_of),
        keywords=more(table.keywords, [[]] * n),
        people=more(table.people, [[]] * n),
        plot=table.plot + tuple(plots),
        aliases=table.aliases + ((),) * n,
    )  # fmt: skip


def test_cold_films_have_sensible_neighbours_at_once(table, vectors):
    wanted = ["Science Fiction", "Horror", "War"]
    plots = [" ".join(TOPICS[g].split()[:5]) for g in wanted]
    encoder = WordEncoder()
    larger = joined(table, ["Nova", "The Cellar", "Offensive"], [[g] for g in wanted], plots)
    built = build_vectors(larger, encoder=encoder, previous=vectors)
    assert built.encoded == encoder.encoded == 3  # the others are taken over
    scores = BlendedSimilarity(built.vectors).scores(np.arange(len(table), len(table) + 3))
    for row, genre in enumerate(wanted):
        scores[row, len(table) + row] = -np.inf
        nearest = top_k(scores[row : row + 1], 10)[0]
        share = np.mean([genre in larger.genres.of(int(i)) for i in nearest])
        assert share >= 0.9, genre


def test_a_changed_plot_is_encoded_again_and_a_lost_one_kept(table, vectors):
    changed = (*table.plot[:1], "", "a wholly new story", *table.plot[3:])
    fields = {f: getattr(table, f) for f in table.__dataclass_fields__} | {"plot": changed}
    encoder = WordEncoder()
    built = build_vectors(FilmTable(**fields), encoder=encoder, previous=vectors)
    assert encoder.encoded == 1
    np.testing.assert_allclose(built.vectors.dense("plot", [1]), vectors.dense("plot", [1]), atol=0.02)
    assert not np.allclose(built.vectors.dense("plot", [2]), vectors.dense("plot", [2]), atol=0.1)


def test_another_encoder_starts_afresh(table, vectors):
    encoder = WordEncoder()
    encoder.name = "another"
    assert build_vectors(table, encoder=encoder, previous=vectors).encoded == sum(map(bool, table.plot))


def test_save_and_load_give_the_same_scores(vectors, tmp_path):
    again = FilmVectors.load(vectors.save(tmp_path / "films.similar"))
    assert isinstance(again.codes, np.memmap)
    np.testing.assert_allclose(
        BlendedSimilarity(again).scores(np.arange(5)), BlendedSimilarity(vectors).scores(np.arange(5)), atol=1e-3
    )  # sparse values are kept as float16


def test_a_damaged_folder_is_told(vectors, tmp_path):
    folder = vectors.save(tmp_path / "films.similar")
    (folder / "codes.npy").write_bytes(b"x")
    with pytest.raises(ModelError, match="checksum"):
        FilmVectors.load(folder)


@pytest.mark.parametrize("part", [genres, keywords])
def test_mean_likeness_is_the_mean_over_pairs(table, part):
    made = part(table)
    rows = made.vectors if isinstance(made.vectors, np.ndarray) else made.vectors.toarray()
    rows = rows[made.present].astype(np.float64)
    every = rows @ rows.T
    n = len(rows)
    assert mean_likeness(made) == pytest.approx((every.sum() - np.trace(every)) / (n * (n - 1)), abs=1e-5)


def test_no_ratings_and_no_plots_still_work():
    plain = make_table(30)
    vectors = build_vectors(plain).vectors
    assert np.isfinite(BlendedSimilarity(vectors).scores(np.arange(30))).all()


@pytest.fixture
def indexed(tmp_path, monkeypatch):
    """A small catalogue whose vectors were made once, and the encoder that made them."""
    encoder = WordEncoder()
    monkeypatch.setattr(train, "shipped_encoder", lambda: encoder)
    path = write_small_catalogue(tmp_path / "small.duckdb")
    with Catalogue(path) as catalogue:
        open_neighbours(catalogue)
    return path, encoder


def test_vectors_stay_beside_the_catalogue_and_follow_it(tmp_path, indexed):
    import duckdb

    path, encoder = indexed
    folder = tmp_path / "small.similar"
    assert encoder.encoded == 1  # one film of the catalogue has a plot
    stamp = os.stat(folder).st_mtime_ns
    with Catalogue(path) as catalogue:
        open_neighbours(catalogue)
    assert os.stat(folder).st_mtime_ns == stamp  # nothing was added: nothing is made again
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO films (film_id, title, title_key, year) VALUES (77, 'Toys Again', 'toysagain', 2001)"
        )
        connection.execute("INSERT INTO plots VALUES (77, 'new', 'A cowboy doll meets a spaceman toy.')")
        connection.execute("INSERT INTO genres VALUES (77, 'Animation', 'new', FALSE, NULL)")
    with Catalogue(path) as catalogue:
        assert {f.title for f in open_neighbours(catalogue).similar(77, 2)} == {"Toy Story", "Toy Story 2"}
    assert encoder.encoded == 2  # the new plot alone


def test_what_is_ingested_about_known_films_reaches_their_vectors(indexed):
    import duckdb

    path, encoder = indexed
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO plots VALUES (2, 'new', 'The toys set out to save the cowboy doll.')")
        connection.execute("INSERT INTO runs VALUES (99, 'new', 'x', 'y', now()::TIMESTAMP, 1, 1, 1, 0, 0)")
    with Catalogue(path) as catalogue:
        vectors = open_neighbours(catalogue).similarity.vectors
    assert encoder.encoded == 2
    assert vectors.plot_hash[vectors.film_id == 2][0] != 0


def test_a_catalogue_that_cannot_be_written_beside_works_too(tmp_path, monkeypatch):
    path = write_small_catalogue(tmp_path / "small.duckdb")
    (tmp_path / "small.similar").mkdir()
    (tmp_path / "small.similar" / "notes.txt").write_text("not ours")
    with Catalogue(path) as catalogue, pytest.raises(Exception, match="not a model folder"):
        open_neighbours(catalogue)
