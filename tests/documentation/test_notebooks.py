"""The example notebooks run from first to last cell, and what they show on the site is what they give."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from tests.documentation.blocks import ROOT

nbformat = pytest.importorskip("nbformat", reason='needs pip install "cinefile[dev]"')
pytest.importorskip("nbclient", reason='needs pip install "cinefile[dev]"')
pytest.importorskip("ipykernel", reason='needs pip install "cinefile[dev]"')
FOLDER = ROOT / "docs" / "notebooks"


def printed(notebook: Any) -> list[str]:
    """What its cells print; a busy machine sends it in several parts."""
    texts = [
        "".join(o.text for o in cell.get("outputs", []) if o.output_type == "stream" and o.name == "stdout")
        for cell in notebook.cells
    ]
    return [text for text in texts if text]


@pytest.mark.parametrize("name", sorted(file.name for file in FOLDER.glob("*.ipynb")))
@pytest.mark.filterwarnings("default")  # those of the notebook machinery are not ours
def test_notebook(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    for variable in ("MOVIELENS", "MIAD", "CINEFILE_DB"):
        monkeypatch.delenv(variable, raising=False)
    shown = nbformat.read(FOLDER / name, 4)
    executed = NotebookClient(
        nbformat.read(FOLDER / name, 4),
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    ).execute()
    assert len(printed(executed)) >= 3
    assert [len(text.splitlines()) for text in printed(executed)] == [len(t.splitlines()) for t in printed(shown)]
    # Temporary places would change the page with every run.
    assert tempfile.gettempdir() not in "".join(str(cell.get("outputs")) for cell in shown.cells)
