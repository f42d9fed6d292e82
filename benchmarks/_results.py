"""Where benchmark results go, and what stands beside every figure: the command, the day, the machine."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cinefile.evaluation.result import measured

FOLDER = Path(__file__).parent / "results"


def data_folder() -> Path:
    """The folder of public data sets: $CINEFILE_DATA, else `shared/data` beside the checkout.

    Raises:
        FileNotFoundError: it is not there.
    """
    folder = Path(os.environ.get("CINEFILE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    if not folder.is_dir():
        raise FileNotFoundError(f"public data sets not found at {folder}; set CINEFILE_DATA to their folder")
    return folder


def write(name: str, figures: Mapping[str, Any], command: str) -> Path:
    """Write `results/<name>.json` with the command and the machine's size beside the figures."""
    FOLDER.mkdir(exist_ok=True)
    document = {**measured(command), **figures}
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
