"""Raw formats are read in `sources` and `exports` only: training and evaluation read through them."""

import ast
from pathlib import Path

import cinefile

ROOMS = ("genres", "evaluation")
PARSERS = {"csv", "ast", "zipfile", "gzip", "pandas", "pyarrow.csv", "pyarrow.json", "pyarrow.parquet"}
# These read back what cinefile itself has written: results of protocols, logs of training.
OWN_JSON = {"evaluation/result.py", "genres/training/loop.py"}


def _found(file: Path) -> set[str]:
    """Parsers of raw data that a module imports or calls."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & PARSERS
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)} & PARSERS
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("json.load", "json.loads"):
            found.add("json")
    return found


def test_training_and_evaluation_parse_no_raw_files() -> None:
    package = Path(cinefile.__file__).parent
    found = {}
    for room in ROOMS:
        for file in sorted((package / room).rglob("*.py")):
            name = file.relative_to(package).as_posix()
            parsers = _found(file) - ({"json"} if name in OWN_JSON else set())
            if parsers:
                found[name] = parsers
    assert found == {}


def test_the_limit_of_a_cell_is_set_in_one_place() -> None:
    package = Path(cinefile.__file__).parent
    setting = [f.name for f in package.rglob("*.py") if "field_size_limit(" in f.read_text(encoding="utf-8")]
    assert setting == ["csv_files.py"]
