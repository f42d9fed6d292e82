"""What ships: films, and megabytes of the starter catalogue and the models beside it.

python -m benchmarks shipped
"""

from pathlib import Path

from benchmarks._results import write
from cinefile import starter
from cinefile.catalogue.catalogue_file import Catalogue

CATALOGUE = "starter.duckdb"


def main(full: bool) -> None:
    """Write results/shipped.json; `full` makes no difference."""
    folder = Path(starter.__file__).parent
    places = {
        "tagger": "taggers",
        "taste": "starter.taste",
        "film vectors": "starter.similar",
        "text encoder": "encoder",
        "catalogue": CATALOGUE,
    }
    with Catalogue(folder / CATALOGUE) as catalogue, catalogue.cursor() as cursor:
        (films,) = cursor.execute("SELECT count(*) FROM films").fetchone() or (0,)
    figures = {"films": films, "megabytes": {name: _megabytes(folder / place) for name, place in places.items()}}
    write("shipped", figures, "python -m benchmarks shipped")


def _megabytes(place: Path) -> float:
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6, 3)
