import subprocess
import sys
from pathlib import Path

import cinefile
from cinefile.library import Library, open_library


def test_exported_names() -> None:
    assert sorted(cinefile.__all__) == ["Library", "__version__", "load_tagger", "open"]
    assert dir(cinefile) == sorted(cinefile.__all__)
    assert cinefile.open is open_library
    assert cinefile.Library is Library


def test_unknown_names() -> None:
    assert not hasattr(cinefile, "no_such_name")


def loaded(statement: str, modules: str) -> str:
    """Which of some modules a fresh Python has loaded after a statement."""
    code = f"import sys; {statement}; print(*[m for m in {modules.split()} if m in sys.modules])"
    environment = {"PYTHONPATH": str(Path(cinefile.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.strip()


def test_import_is_light() -> None:
    assert loaded("import cinefile", "duckdb numpy pyarrow fastapi typer") == ""


def test_the_core_needs_no_extra() -> None:
    everything = "import cinefile.cli.app, cinefile.api, cinefile.library"
    assert loaded(everything, "torch pandas sklearn transformers matplotlib pyspark") == ""


def test_commands_load_what_they_need_when_they_run() -> None:
    assert loaded("import cinefile.cli.app", "duckdb numpy pyarrow fastapi rich") == ""
