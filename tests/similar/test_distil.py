import numpy as np
import pytest

from cinefile.text.static_encoder import StaticEncoder

VOCABULARY = ["[UNK]", *["space", "robot", "alien", "ship", "love", "wedding", "heart", "kiss"]]
# The teacher sees two topics: the first four words point one way, the others another.
DIRECTIONS = np.array([[0, 0, 0]] + [[1, 0, 0.1]] * 4 + [[0, 1, 0.1]] * 4, np.float32)


class WordTeacher:
    """Knows eight words and places a text by their topics."""

    name = "word-teacher"
    terms = "none"

    def __init__(self, folder):
        from tokenizers import Tokenizer, models, pre_tokenizers

        made = Tokenizer(models.WordLevel({w: i for i, w in enumerate(VOCABULARY)}, unk_token="[UNK]"))
        made.pre_tokenizer = pre_tokenizers.Whitespace()
        self.tokenizer_file = folder / "tokenizer.json"
        self.tokenizer_file.write_text(made.to_str())
        self._tokenizer = made

    def token_ids(self, texts):
        return [self._tokenizer.encode(t).ids for t in texts]

    def token_vectors(self):
        return np.random.default_rng(0).normal(size=DIRECTIONS.shape).astype(np.float32)  # of no help

    def encode(self, texts):
        sums = np.stack([DIRECTIONS[ids].sum(axis=0) for ids in self.token_ids(texts)])
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)


@pytest.mark.train
def test_the_table_learns_what_the_teacher_knows(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    from cinefile.similar.distil import Recipe, distil

    monkeypatch.setenv("CINEFILE_CACHE", str(tmp_path / "cache"))
    rng = np.random.default_rng(1)
    topics = np.array(VOCABULARY[1:]).reshape(2, 4)
    plots = [" ".join(rng.choice(topics[rng.integers(2)], rng.integers(3, 9))) + "." for _ in range(300)]
    recipe = Recipe(dimensions=3, sentences=50, epochs=20, learning_rate=0.1, held_out=0.1)
    facts = distil(plots, WordTeacher(tmp_path), tmp_path / "encoder", recipe, lambda _: None)
    assert facts["held_plots"] > 0.98
    assert "word-teacher" in (tmp_path / "encoder" / "CARD.md").read_text()
    made = StaticEncoder(tmp_path / "encoder").encode(["space alien", "robot ship", "love kiss"])
    assert made[0] @ made[1] > 0.9 > 0.5 > made[0] @ made[2]
