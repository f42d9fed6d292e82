"""What a protocol returns: a table, and everything that went into it."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from cinefile.errors import InputError

_HEAD = ("protocol", "description", "models", "kept", "command", "date", "machine")


def measured(command: str) -> dict[str, Any]:
    """What stands beside every figure: the command that gives it again, the day, the machine."""
    machine = {"cores": len(os.sched_getaffinity(0)), "python": platform.python_version()}
    return {"command": command, "date": date.today().isoformat(), "machine": machine}


@dataclass(frozen=True)
class Result:
    """One protocol's outcome.

    Attributes:
        protocol: its registered name.
        description: data, split and metric in a sentence.
        columns: of the table; the first names the model.
        rows: one per model.
        details: settings, seeds and single runs, JSON-serialisable.
        kept: names of rows taken over from earlier runs -> the command and the day they were measured.
    """

    protocol: str
    description: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | float]]
    details: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The result as one JSON document."""
        rows = [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]
        return {"protocol": self.protocol, "description": self.description, "models": rows, **self.details}

    def command(self) -> str:
        """What gives the rows of this run again."""
        own = [str(row[0]) for row in self.rows if str(row[0]) not in self.kept]
        return f"cinefile evaluate {self.protocol} --models {','.join(own)} --data FOLDER --out RESULTS --merge"

    def value(self, model: str, column: str) -> float:
        """One cell of the table."""
        row = next(row for row in self.rows if row[0] == model)
        return float(row[self.columns.index(column)])

    def merged(self, file: Path) -> Self:
        """This result with the rows and details of an earlier run of the same protocol that this one did not redo.

        Args:
            file: what `write` wrote; nothing changes where it is missing.
        """
        if not file.exists():
            return self
        earlier = json.loads(file.read_text(encoding="utf-8"))
        own = {str(row[0]): row for row in self.rows}
        rows = [
            own.pop(str(kept[self.columns[0]]), [_number(kept.get(name)) for name in self.columns])
            for kept in earlier["models"]
        ]
        redone = {str(row[0]) for row in self.rows}
        when = {key: str(earlier.get(key, "")) for key in ("command", "date")}
        names = [str(row[self.columns[0]]) for row in earlier["models"]]
        kept = {name: earlier.get("kept", {}).get(name, when) for name in names if name not in redone}
        details = {k: v for k, v in earlier.items() if k not in _HEAD}
        return replace(self, rows=[*rows, *own.values()], details=details | dict(self.details), kept=kept)

    def write(self, folder: Path) -> list[Path]:
        """Write ``<protocol>.json``, and ``<protocol>.png`` where matplotlib is installed."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.protocol}.json"
        document = self.document() | ({"kept": self.kept} if self.kept else {}) | measured(self.command())
        file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        picture = self._picture(folder / f"{self.protocol}.png")
        return [file, picture] if picture else [file]

    def _picture(self, file: Path) -> Path | None:
        try:
            from matplotlib.figure import Figure
        except ImportError:
            return None
        figure = Figure(figsize=(7, 0.4 * len(self.rows) + 1.4), layout="constrained")
        axes = figure.subplots()
        values = [float(row[1]) for row in self.rows]
        bars = axes.barh([str(row[0]) for row in self.rows], values)
        axes.bar_label(bars, fmt="%.4f", padding=3)
        axes.invert_yaxis()
        axes.margins(x=0.15)
        axes.set_xlim(left=0.9 * min(values))
        axes.set_xlabel(self.columns[1])
        axes.set_title(self.protocol)
        figure.savefig(file, dpi=120)
        return file


def _plain(value: str | float) -> str | float | None:
    # JSON has no NaN.
    return None if isinstance(value, float) and math.isnan(value) else value


def _number(value: str | float | None) -> str | float:
    return math.nan if value is None else value


def asked_models(models: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """The models to run: all that a protocol knows unless some are named.

    Raises:
        InputError: an unknown one.
    """
    if unknown := [m for m in models or () if m not in known]:
        raise InputError(f"Unknown: {', '.join(unknown)}.", f"Choose among: {', '.join(known)}.")
    return list(models or known)
