import numpy as np
import pytest

from cinefile.errors import ModelError
from cinefile.modelfiles import write_folder
from cinefile.text.static_encoder import KIND, StaticEncoder, token_counts

VOCABULARY = {"[UNK]": 0, "space": 1, "robot": 2, "love": 3}
CODES = np.array([[0, 0, 0], [100, 0, 0], [0, 50, 0], [0, 0, -127]], np.int8)
SCALES = np.array([1, 0.01, 0.02, 0.5], np.float32)


@pytest.fixture
def folder(tmp_path):
    def write(target):
        from tokenizers import Tokenizer, models, pre_tokenizers

        made = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
        made.pre_tokenizer = pre_tokenizers.Whitespace()
        (target / "tokenizer.json").write_text(made.to_str())

    facts = {"fingerprint": "abc", "max_tokens": 4}
    return write_folder(tmp_path / "e", kind=KIND, facts=facts, arrays={"codes": CODES, "scales": SCALES}, extra=write)


def test_a_text_is_the_sum_of_its_tokens_at_length_one(folder):
    encoder = StaticEncoder(folder)
    assert encoder.name == "static:abc"
    np.testing.assert_allclose(
        encoder.encode(["space robot", "love", "", "unheard of", "space space robot space love"]),
        [[0.5**0.5, 0.5**0.5, 0], [0, 0, -1], [0, 0, 0], [0, 0, 0], np.array([3, 1, 0]) / 10**0.5],
        atol=1e-6,
    )  # the last is cut after four tokens


def test_no_texts(folder):
    assert StaticEncoder(folder).encode([]).shape == (0, 3)


def test_token_counts():
    np.testing.assert_array_equal(token_counts([[1, 1], [], [2]], 3).toarray(), [[0, 2, 0], [0, 0, 0], [0, 0, 1]])


def test_another_kind_of_folder_is_refused(folder):
    other = write_folder(folder.parent / "other", kind="similar", facts={})
    with pytest.raises(ModelError, match="similar"):
        StaticEncoder(other)
