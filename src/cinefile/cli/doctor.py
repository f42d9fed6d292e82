"""`cinefile doctor`: what is there, what is missing, and how to get it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import NamedTuple

from cinefile import __version__
from cinefile.cli import output
from cinefile.cli.output import Db, Json
from cinefile.errors import CinefileError

_CORE = ("duckdb", "pyarrow", "numpy", "scipy", "onnxruntime", "tokenizers", "fastapi", "uvicorn", "safetensors")
_EXTRAS = {
    "train": ("torch", "transformers", "sentence_transformers", "sklearn", "nltk", "spacy", "onnx", "matplotlib"),
    "spark": ("pyspark",),
    "dev": ("pytest", "mypy", "ruff", "hypothesis", "playwright", "mkdocs", "nbclient"),
}


class Diagnosis(NamedTuple):
    """One line of the report. `need` is 'core', or what the thing is needed for."""

    name: str
    ok: bool
    found: str
    need: str
    get: str


def doctor(db: Db = None, as_json: Json = False) -> None:
    """Say what is installed, what is missing, and how to install it. The exit code is 1 where the core is incomplete.

    Example: `cinefile doctor --db films.duckdb`
    """
    import typer

    findings = [*_python(), *_packages(), *_programs(), *_catalogue(db)]
    healthy = all(f.ok for f in findings if f.need == "core")
    if as_json:
        output.emit_json({"healthy": healthy, "findings": [f._asdict() for f in findings]})
    else:
        rows = (("ok" if f.ok else "missing", f.name, f.found, f.need, "" if f.ok else f.get) for f in findings)
        output.table(("", "what", "found", "needed for", "how to get it"), rows)
    if not healthy:
        raise typer.Exit(1)


def _python() -> Iterator[Diagnosis]:
    yield Diagnosis("cinefile", True, __version__, "core", "")
    recent = sys.version_info >= (3, 11)
    yield Diagnosis("Python", recent, platform.python_version(), "core", "Install Python 3.11 or newer.")
    yield Diagnosis("processors", True, f"{len(os.sched_getaffinity(0))} usable", "core", "")


def _packages() -> Iterator[Diagnosis]:
    for name in _CORE:
        found = _version(name)
        yield Diagnosis(name, found is not None, found or "", "core", "pip install cinefile")
    for extra, modules in _EXTRAS.items():
        missing = [m for m in modules if find_spec(m) is None]
        found = "all there" if not missing else f"without {', '.join(missing)}"
        yield Diagnosis(f"[{extra}]", not missing, found, f"extra [{extra}]", f'pip install "cinefile[{extra}]"')


def _programs() -> Iterator[Diagnosis]:
    java = shutil.which("java")
    yield Diagnosis("Java", java is not None, java or "", "extra [spark]", "apt-get install openjdk-17-jre-headless")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    yield Diagnosis("Chromium", chromium is not None, chromium or "", "tests of the page", "apt-get install chromium")


def _catalogue(db: str | None) -> Iterator[Diagnosis]:
    from cinefile.library import Library

    try:
        with Library(db) as lib:
            ((films,),) = lib.facts.rows("SELECT count(*) FROM films")
            ((plots,),) = lib.facts.rows("SELECT count(*) FROM plots")
            ((ratings,),) = lib.facts.rows("SELECT count(*) FROM ratings")
            found = f"{lib.path}: {films:,} films, {plots:,} plots, {ratings:,} ratings"
        yield Diagnosis("catalogue", True, found, "core", "")
    except CinefileError as error:
        yield Diagnosis("catalogue", False, error.message, "core", error.hint)


def _version(package: str) -> str | None:
    # Not at the top: it takes twenty milliseconds of every command's start.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None
