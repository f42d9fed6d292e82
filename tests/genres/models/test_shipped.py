"""A tagger folder as training writes it, on a tiny encoder; and the one that ships."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests import tiny_encoder as tiny

from cinefile import load_tagger
from cinefile.errors import InputError, ModelError
from cinefile.genres import plot_files as tagging
from cinefile.genres.models.shipped import ShippedTagger
from cinefile.sources.readers.tables import rows

PLOT = "a ghost haunts the old house of two"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("onnx")
    pytest.importorskip("sklearn")
    return tiny.tagger_folder(tmp_path_factory.mktemp("tagger") / "model")


@pytest.mark.train
def test_both_heads(folder: Path) -> None:
    many, one = load_tagger(folder), load_tagger(f"{folder}#imdb27")
    assert len(many.labels) == 24
    p = many.predict_proba([PLOT, "love story"], ["The House", None], [1960, None])
    assert p.shape == (2, 24)
    assert ((p > 0) & (p < 1)).all()
    assert p[0, many.labels.index("Horror")] > p[1, many.labels.index("Horror")]
    np.testing.assert_allclose(one.predict_proba([PLOT]).sum(axis=1), 1)
    assert many.predict_proba([]).shape == (0, 24)


@pytest.mark.train
def test_choices(folder: Path) -> None:
    tagger = load_tagger(folder)
    top = tagger.predict([PLOT], top=3)[0]
    assert len(top) == 3
    assert top[0].probability >= top[1].probability >= top[2].probability
    assert all(g.probability >= 0.2 for g in tagger.predict([PLOT], threshold=0.2)[0])
    tuned = tagger.predict([PLOT])[0]
    assert all(g.probability >= tagger.thresholds[g.genre] for g in tuned)
    with pytest.raises(InputError, match="threshold"):
        tagger.predict([PLOT], threshold="best")
    with pytest.raises(InputError, match="titles"):
        tagger.predict_proba([PLOT], titles=[])
    with pytest.raises(InputError, match="not one string"):
        tagger.predict_proba(PLOT)


@pytest.mark.train
def test_explanations(folder: Path) -> None:
    tagger = load_tagger(folder)
    why = tagger.explain(PLOT, genres=["Horror"])["Horror"]
    assert {c.text for c in why} == {"ghost", "haunts", "old", "house"}
    assert [c.weight for c in why] == sorted((c.weight for c in why), reverse=True)
    with pytest.raises(InputError, match="no genre"):
        tagger.explain(PLOT, genres=["Opera"])


@pytest.mark.train
def test_a_damaged_or_other_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no tagger with a head"):
        ShippedTagger(folder, "imdb99")
    with pytest.raises(ModelError):
        load_tagger(tmp_path)


@pytest.mark.train
def test_files_are_tagged_resumed_and_bad_rows_reported(folder: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "films.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"title": "A", "plot": PLOT, "year": 1950}), "{broken", json.dumps({"plot": ""})]
    lines.append(json.dumps({"plot": "love story of two"}))
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tagger = load_tagger(folder)
    found = tagging.tag_file(tagger, source, out)
    assert (found.rows, found.tagged, found.rejected, found.skipped) == (4, 2, 2, 0)
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [w["row"] for w in written] == [0, 3]
    assert "8 words" in written[0]["notes"][0]
    rejects = [
        json.loads(line) for line in (tmp_path / "out.jsonl.rejected.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(r["row"], r["reason"][:7]) for r in rejects] == [(1, "no JSON"), (2, "the plo")]
    whole = out.read_text(encoding="utf-8")
    # A run that was stopped in the middle of its last line goes on from there and ends with the same file.
    out.write_text(whole[:-20], encoding="utf-8")
    again = tagging.tag_file(tagger, source, out)
    assert (again.skipped, again.tagged) == (3, 1)
    assert out.read_text(encoding="utf-8") == whole
    assert tagging.tag_file(tagger, source, out).tagged == 0


@pytest.mark.train
def test_csv_and_parquet_give_the_same(folder: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "f.csv").write_text(f'title,overview,release_date\nA,"{PLOT}",1950-01-01\n', encoding="utf-8")
    pq.write_table(
        pa.table({"title": ["A"], "overview": [PLOT], "release_date": ["1950-01-01"]}), tmp_path / "f.parquet"
    )
    tagger = load_tagger(folder)
    results = []
    for name in ("f.csv", "f.parquet"):
        tagging.tag_file(tagger, tmp_path / name, tmp_path / f"{name}.out")
        results.append((tmp_path / f"{name}.out").read_text(encoding="utf-8"))
    assert results[0] == results[1]
    with pytest.raises(InputError, match="unknown format"):
        list(rows(_touch(tmp_path / "f.xlsx")))
    with pytest.raises(InputError, match="no Parquet"):
        list(rows(_touch(tmp_path / "g.parquet")))


def _touch(file: Path) -> Path:
    file.write_bytes(b"x")
    return file


def test_the_shipped_taggers() -> None:
    many, one = load_tagger(), load_tagger("imdb27")
    assert sum(f.stat().st_size for f in many.folder.iterdir()) < 40e6
    assert "MIAD" in many.card()
    western = "A sheriff and an outlaw gunslinger face each other in a dusty frontier town in the old West."
    horror = "Teenagers in a cabin in the woods are hunted one by one by a masked killer risen from the dead."
    for tagger, names in ((many, ("Western", "Horror")), (one, ("western", "horror"))):
        chosen = [g[0].genre for g in tagger.predict([western, horror], top=1)]
        assert chosen == list(names)
    words = [c.text for c in many.explain(western, genres=["Western"])["Western"][:4]]
    assert {"sheriff", "gunslinger", "outlaw", "frontier", "west"} & set(words)
