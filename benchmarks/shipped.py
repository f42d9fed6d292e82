"""What ships, in megabytes: the starter catalogue and the models beside it.

python -m benchmarks shipped
"""

from pathlib import Path

from benchmarks._results import write
from cinefile import starter


def main(full: bool) -> None:
    """Write results/shipped.json; `full` makes no difference."""
    folder = Path(starter.__file__).parent
    parts = {
        "tagger": "taggers",
        "taste": "starter.taste",
        "film vectors": "starter.similar",
        "catalogue": "starter.duckdb",
    }
    write(
        "shipped",
        {"megabytes": {name: _megabytes(folder / part) for name, part in parts.items()}},
        "python -m benchmarks shipped",
    )


def _megabytes(place: Path) -> float:
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6, 3)
