"""Results as `cinefile evaluate --out` and the benchmarks write them: one JSON file each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cinefile.errors import InputError
from cinefile.evaluation.protocols import PROTOCOLS

_HEAD = ("command", "date", "description", "protocol", "machine", "kept")


@dataclass(frozen=True)
class Measured:
    """One results file.

    Attributes:
        name: the file's, without ending.
        protocol: name of the protocol of `cinefile evaluate` that wrote it, or an empty string.
        description: data, split and metric in a sentence, where the file says it.
        command: what gives the figures again.
        date: the day they were measured, or an empty string where the file does not say.
        machine: what it says of the machine, as words.
        figures: everything else in the file.
    """

    name: str
    protocol: str
    description: str
    command: str
    date: str
    machine: str
    figures: Mapping[str, Any]


def shipped_results() -> Path | None:
    """The folder of published results: inside an installed package, or `benchmarks/results` of a checkout."""
    here = Path(__file__).resolve()
    places = (here.parent / "results", here.parents[3] / "benchmarks" / "results")
    return next((place for place in places if place.is_dir()), None)


def read_results(folder: Path) -> list[Measured]:
    """All results of a folder: protocols in their registry's order, then the rest by name.

    Raises:
        InputError: there is no such folder, or a file in it is no JSON object.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", "Results are written by cinefile evaluate … --out FOLDER.")
    found = [_read(file) for file in sorted(folder.glob("*.json"))]
    order = {name: at for at, name in enumerate(PROTOCOLS)}
    return sorted(found, key=lambda m: (order.get(m.protocol, len(order)), m.name))


def _read(file: Path) -> Measured:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read as JSON: {error}.", "Measure it again, or take it away.") from error
    if not isinstance(document, dict):
        raise InputError(f"{file} does not hold a JSON object.", "Measure it again, or take it away.")
    protocol = str(document.get("protocol", ""))
    machine = document.get("machine", {})
    return Measured(
        name=file.stem,
        protocol=protocol,
        description=str(document.get("description", "")),
        command=str(document.get("command", evaluate_command(protocol) if protocol in PROTOCOLS else "")),
        date=str(document.get("date", "")),
        machine=", ".join(f"{v} {k}" if k == "cores" else f"{k} {v}" for k, v in machine.items())
        if isinstance(machine, dict)
        else str(machine),
        figures={key: value for key, value in document.items() if key not in _HEAD},
    )


def evaluate_command(protocol: str) -> str:
    """The command that measures a protocol."""
    return f"cinefile evaluate {protocol} --data FOLDER --out RESULTS"
