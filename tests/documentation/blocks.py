"""Code blocks of the documentation, and what it takes to run them.

`python` is run, a page's blocks in one namespace; `sh`, blocks without a language, and `console` (lines behind "$ ")
line by line: commands of cinefile are run in this process, `curl` is asked of the application, and of the rest it is
checked that what they name is there. `json` is parsed, `text` is left alone.
"""

import importlib.util
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from typer.main import get_command
from typer.testing import CliRunner

from cinefile.cli.app import app
from cinefile.errors import CinefileError
from cinefile.fetch.public_sets import SETS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = {"python", "sh", "", "console", "json", "text"}
# Without end, from the internet, or hours long: command and options are parsed, and nothing is run. So with `--engine`.
NOT_RUN = (("serve",), ("demo",), ("fetch",), ("evaluate",), ("train", "starter-taste"), ("train", "starter-genres"))
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<code>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    page: str
    line: int
    language: str
    code: str

    def commands(self) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and words of its shell commands; a line that ends in a backslash goes on."""
        lines = self.code.replace("\\\n", " \x00").split("\n")
        number = self.line
        for line in lines:
            number += 1 + line.count("\x00")
            text = line.replace("\x00", "")
            if self.language == "console" and not text.startswith("$ "):
                continue
            if words := shlex.split(text.removeprefix("$ "), comments=True):
                yield number, words


def blocks(page: Path) -> list[Block]:
    """All of a page, in order."""
    text = page.read_text(encoding="utf-8")
    name = str(page.relative_to(ROOT))
    return [
        Block(
            name,
            text.count("\n", 0, m.start()) + 1,
            m["language"],
            re.sub(rf"^{m['indent']}", "", m["code"], flags=re.M),
        )
        for m in _FENCE.finditer(text)
    ]


class Shell:
    """Runs shell commands, each once."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._done: set[tuple[str, ...]] = set()

    def run(self, words: list[str]) -> None:
        """Run or check one command; AssertionError says what is wrong with it."""
        if tuple(words) in self._done and words[:2] not in (["cinefile", "ingest"], ["cinefile", "train"]):
            return
        self._done.add(tuple(words))
        name, *arguments = words
        known = {"cinefile": self._cinefile, "curl": self._curl, "make": _make, "pip": _pip, "python": _python}
        assert name in known or name in ("cd", "git", "source"), f"nobody knows how to check {name}"
        if name in known:
            known[name](arguments)

    def _cinefile(self, arguments: list[str]) -> None:
        _parse(arguments)
        not_run = any(tuple(arguments[: len(names)]) == names for names in NOT_RUN) or "--engine" in arguments
        if not_run and "--list" not in arguments:
            if arguments[0] == "fetch":
                assert arguments[1] in [known.name for known in SETS], f"there is no set {arguments[1]}"
            return
        result = CliRunner().invoke(app, arguments)
        if isinstance(result.exception, CinefileError):
            raise AssertionError(f"{' '.join(arguments)}: {result.exception}")
        assert result.exit_code == 0, result.output

    def _curl(self, arguments: list[str]) -> None:
        (address,) = [a for a in arguments if a.startswith("http://127.0.0.1:8000/")]
        path = address.removeprefix("http://127.0.0.1:8000")
        body = next((b for a, b in pairwise(arguments) if a in ("-d", "--json")), None)
        answer = self._client.get(path) if body is None else self._client.post(path, json=json.loads(body))
        assert answer.status_code == 200, answer.text


def _parse(arguments: list[str]) -> None:
    """That the command and its options exist; click raises where they do not."""
    command, rest, context = get_command(app), arguments, None
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, f"there is no command {rest[0]}"
        command, rest = command.commands[rest[0]], rest[1:]
    if "--help" not in rest and "--version" not in rest:
        context = command.make_context(command.name, list(rest))
        assert context.params is not None


def _make(arguments: list[str]) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for word in arguments:
        assert "=" in word or word in targets, f"the Makefile has no {word}"


def _pip(arguments: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert arguments[0] == "install"
    for word in arguments[1:]:
        if found := re.fullmatch(r"(?:cinefile|\.)(?:\[([\w,]+)\])?", word):
            extras = found[1].split(",") if found[1] else []
            assert set(extras) <= set(project["optional-dependencies"]), f"an extra of {word} is not there"
        else:
            assert word.startswith("-"), f"nothing is known of {word}"


def _python(arguments: list[str]) -> None:
    if arguments[0] == "-m" and arguments[1] == "benchmarks":
        for name in (a for a in arguments[2:] if not a.startswith("-")):
            assert (ROOT / "benchmarks" / f"{name}.py").is_file(), f"there is no benchmark {name}"
    elif arguments[0] == "-m":
        assert arguments[1] == "venv" or importlib.util.find_spec(arguments[1]), f"there is no module {arguments[1]}"
    else:
        assert (ROOT / arguments[0]).is_file(), f"there is no {arguments[0]}"


def run_python(block: Block, namespace: dict[str, Any]) -> None:
    """Run a block; tracebacks show its page and line."""
    code = compile("\n" * block.line + block.code, str(ROOT / block.page), "exec")
    exec(code, namespace)
