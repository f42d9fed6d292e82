"""The rules of the house (CONTRIBUTING.md) that the import contracts cannot hold."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from cinefile.genres.models import TAGGERS
from cinefile.taste.models import MODELS

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "cinefile"
FILES = sorted(SRC.rglob("*.py"))
EMPTY_NAMES = ("base", "hooks", "parts", "pieces", "rows", "facts", "store", "opening", "utils", "helpers", "common")
# Test files that speak of several source files, or of none; all others have the name of one, with test_ before it.
OTHER_TESTS = {
    "api/test_description.py",
    "api/test_fuzz.py",
    "api/test_genres.py",
    "catalogue/ingest/test_new_source.py",
    "catalogue/ingest/test_read_ahead.py",
    "catalogue/ingest/test_safety.py",
    "cli/test_questions.py",
    "documentation/test_blocks.py",
    "documentation/test_notebooks.py",
    "documentation/test_site.py",
    "exports/test_exports.py",
    "exports/test_formats.py",
    "exports/test_hostile.py",
    "genres/models/test_contract.py",
    "similar/models/test_contract.py",
    "similar/test_starter.py",
    "sources/test_memory.py",
    "sources/test_only_here.py",
    "sources/test_plots.py",
    "sources/test_tmdb.py",
    "spark/test_tagging.py",
    "taste/models/test_contract.py",
    "taste/test_exports.py",
    "test_documented.py",
    "test_figures.py",
    "test_house.py",
    "text/test_encoder_joined.py",
    "web/test_browser.py",
    "web/test_browser_craft.py",
    "web/test_browser_taste.py",
    "web/test_fuzz.py",
    "web/test_keep_alive.py",
    "web/test_rate_limit.py",
}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def test_no_file_is_long() -> None:
    long = {str(file.relative_to(SRC)): n for file in FILES if (n := len(file.read_text().splitlines())) > 500}
    assert not long


def test_the_number_of_files_does_not_grow() -> None:
    assert len(FILES) <= 229


def test_files_are_named_after_things() -> None:
    assert not [str(file.relative_to(SRC)) for file in FILES if file.stem.strip("_") in EMPTY_NAMES]


def test_no_two_classes_have_one_name() -> None:
    places = defaultdict(list)
    for file in FILES:
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(file.relative_to(SRC)))
    twice = {name: files for name, files in places.items() if len(files) > 1}
    assert not twice


def test_nobody_asks_for_the_class_of_a_model() -> None:
    models = {place.partition(":")[2] for place in (*TAGGERS.values(), *MODELS.values())}
    models |= {
        "CustomTagger",
        "ShippedTagger",
        "BlendedSimilarity",
        "SimilarIndex",
        "GenreTitleCosine",
        "GenreVotesKnn",
        "MostVoted",
    }
    asked = []
    for file in FILES:
        own = {node.name for node in tree(file).body if isinstance(node, ast.ClassDef)}
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                named = {n.id for n in ast.walk(node.args[1]) if isinstance(n, ast.Name)}
                named |= {n.attr for n in ast.walk(node.args[1]) if isinstance(n, ast.Attribute)}
                asked += [f"{file.relative_to(SRC)}:{node.lineno} {name}" for name in named & models - own]
    assert not asked


def test_every_test_file_mirrors_a_source_file() -> None:
    strays = set()
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        place = file.relative_to(ROOT / "tests")
        source = SRC / place.parent / place.name.removeprefix("test_")
        if not source.is_file() and not source.with_suffix("").is_dir():
            strays.add(str(place))
    assert not strays - OTHER_TESTS


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SRC)))
def test_docstrings_begin_with_a_sentence(file: Path) -> None:
    first = (ast.get_docstring(tree(file)) or "").partition("\n\n")[0]
    assert re.match(r"[`A-Z0-9*/]", first), f"the docstring begins with {first[:20]!r}"
    assert first.endswith((".", ":")), f"the docstring's first paragraph does not end in a full stop: {first[-30:]!r}"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *sorted(
    str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md"))])  # fmt: skip
def test_files_that_are_named_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:src|tests|benchmarks|docs)/[\w/.-]+|\w[\w/]*/\w+\.py)`", text))
    missing = [name for name in named if not any((folder / name).exists() for folder in (ROOT, SRC, SRC.parent))]
    modules = set(re.findall(r"`(cinefile(?:\.[a-z_]\w*)+)\b", text)) if page != "CHANGELOG.md" else set()
    missing += [name for name in modules if not any(_module(name))]
    assert not missing, f"{page} names what is not there: {missing}"


def _module(name: str) -> list[Path]:
    """The file or folder of a module, or of the module that a function of this name is in."""
    parts = name.split(".")[1:]
    places = [SRC.joinpath(*parts[:n]) for n in (len(parts), len(parts) - 1)]
    return [place for place in places if place.with_suffix(".py").is_file() or place.is_dir()]
