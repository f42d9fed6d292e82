"""What a protocol returns: a table, and everything that went into it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Result:
    """One protocol's outcome.

    Attributes:
        protocol: its registered name.
        description: data, split and metric in a sentence.
        columns: of the table; the first names the model.
        rows: one per model.
        details: settings, seeds and single runs, JSON-serialisable.
    """

    protocol: str
    description: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | float]]
    details: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The result as one JSON document."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"protocol": self.protocol, "description": self.description, "models": rows, **self.details}

    def value(self, model: str, column: str) -> float:
        """One cell of the table."""
        row = next(row for row in self.rows if row[0] == model)
        return float(row[self.columns.index(column)])

    def write(self, folder: Path) -> list[Path]:
        """Write ``<protocol>.json``, and ``<protocol>.png`` where matplotlib is installed."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.protocol}.json"
        file.write_text(json.dumps(self.document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
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
