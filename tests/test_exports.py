import subprocess
import sys

import cinefile
from cinefile.library import Library, open_library


def test_exported_names() -> None:
    assert sorted(cinefile.__all__) == ["Library", "__version__", "load_tagger", "open"]
    assert dir(cinefile) == sorted(cinefile.__all__)
    assert cinefile.open is open_library
    assert cinefile.Library is Library


def test_unknown_names() -> None:
    assert not hasattr(cinefile, "no_such_name")


def test_import_is_light() -> None:
    code = "import sys, cinefile; print(*[m for m in ('duckdb', 'numpy', 'pyarrow', 'fastapi', 'typer') if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": _src()}
    )
    assert out.stdout.strip() == ""


def test_the_core_needs_no_extra() -> None:
    heavy = "('torch', 'pandas', 'sklearn', 'transformers', 'matplotlib', 'pyspark')"
    code = f"import sys, cinefile.cli.app, cinefile.api, cinefile.library; print(*[m for m in {heavy} if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": _src()}
    )
    assert out.stdout.strip() == ""


def _src() -> str:
    return str(__import__("pathlib").Path(cinefile.__file__).parents[1])
