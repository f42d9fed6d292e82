"""A BERT of random weights, small enough for tests, and a tagger folder around it."""

from pathlib import Path

import numpy as np

from cinefile.genres.training.labelled_films import IMDB27_LABELS, MIAD_LABELS, LabelledFilm

TEXT = "a ghost haunts the old house cowboy rides into desert sheriff detective solves murder love story of two"
WORDS = TEXT.split()
SIZE, LAYERS, HEADS = 32, 2, 2


def weights(seed: int = 0) -> dict[str, np.ndarray]:
    """Arrays under their Hugging Face names."""
    rng = np.random.default_rng(seed)
    found = {
        "embeddings.word_embeddings.weight": rng.normal(0, 0.5, (len(WORDS) + 30, SIZE)),
        "embeddings.position_embeddings.weight": rng.normal(0, 0.1, (64, SIZE)),
        "embeddings.token_type_embeddings.weight": rng.normal(0, 0.1, (2, SIZE)),
    }
    shapes = {
        "attention.self.query": (SIZE, SIZE),
        "attention.self.key": (SIZE, SIZE),
        "attention.self.value": (SIZE, SIZE),
        "attention.output.dense": (SIZE, SIZE),
        "intermediate.dense": (64, SIZE),
        "output.dense": (SIZE, 64),
    }
    for i in range(LAYERS):
        for name, shape in shapes.items():
            found[f"encoder.layer.{i}.{name}.weight"] = rng.normal(0, 0.3, shape)
            found[f"encoder.layer.{i}.{name}.bias"] = rng.normal(0, 0.1, shape[0])
    norms = ["embeddings.LayerNorm"]
    norms += [f"encoder.layer.{i}.{n}.LayerNorm" for i in range(LAYERS) for n in ("attention.output", "output")]
    for name in norms:
        found[f"{name}.weight"] = rng.normal(1, 0.1, SIZE)
        found[f"{name}.bias"] = rng.normal(0, 0.1, SIZE)
    return {name: a.astype(np.float32) for name, a in found.items()}


def checkpoint(folder: Path, seed: int = 0) -> Path:
    """A checkpoint folder in the Hugging Face layout."""
    import json

    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_size": SIZE,
        "intermediate_size": 64,
        "vocab_size": len(WORDS) + 30,
        "max_position_embeddings": 64,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(weights(seed), folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer(folder / "tokenizer.json")
    return folder


def tokenizer(file: Path) -> Path:
    """A word-level tokeniser over WORDS with BERT's special tokens."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    made = Tokenizer(models.WordLevel({w: i for i, w in enumerate(names)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.save(str(file))
    return file


def films(n: int = 60, seed: int = 0) -> list[LabelledFilm]:
    """Horror, western and crime films whose plots say so; half of MIAD, half of IMDb's 27."""
    rng = np.random.default_rng(seed)
    kinds = {"Horror": "a ghost haunts the old house", "Western": "the cowboy rides into the desert sheriff"}
    kinds |= {"Crime": "detective solves the murder", "Romance": "love story of two"}
    made = []
    for i in range(n):
        genre = list(kinds)[int(rng.integers(len(kinds)))]
        words = kinds[genre].split()
        plot = " ".join([*words, *rng.choice(WORDS, 3)])
        source, own = ("miad", None) if i % 2 else ("imdb27", genre.lower())
        made.append(LabelledFilm(source, (f"Film {i}",), 1950 + i, plot, (genre,), imdb27=own))
    return made


def tagger_folder(target: Path) -> Path:
    """A tagger folder as training writes it, both heads, with an n-gram part fitted on `films`."""
    from cinefile.genres.training.assemble import assemble
    from cinefile.genres.training.ngram_part import fit
    from cinefile.text.onnx_export import BertShape

    rng = np.random.default_rng(1)
    heads = {
        "multilabel": (rng.normal(0, 0.1, (len(MIAD_LABELS), SIZE)).astype(np.float32), np.zeros(24, np.float32)),
        "classes": (rng.normal(0, 0.1, (len(IMDB27_LABELS), SIZE)).astype(np.float32), np.zeros(27, np.float32)),
    }
    file = tokenizer(target.parent / "tokenizer.json")
    part = fit(films(80))
    assemble(
        target,
        weights(),
        BertShape(LAYERS, HEADS),
        heads,
        file,
        part,
        films(40, 9),
        features=400,
        max_tokens=48,
        card="# Tiny\n",
    )
    return target
