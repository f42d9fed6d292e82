"""The documentation site: it builds without a broken link, fetches nothing, and leaves nothing public out."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest
from tests.documentation.blocks import ROOT
from typer.main import get_command

from cinefile.cli.app import app

for needed in ("mkdocs", "material", "mkdocstrings"):
    pytest.importorskip(needed, reason='needs pip install "cinefile[dev]"')


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def hooks() -> Any:
    """docs/site/hooks.py, which is in no package."""
    spec = util.spec_from_file_location("hooks", ROOT / "docs" / "site" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Fetched(HTMLParser):
    """Addresses that a browser gets by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "img", "iframe", "source") or (tag == "link" and values.get("rel") != "canonical"):
            self.addresses += [v for k, v in attrs if k in ("src", "href", "srcset") and v]


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 25
    found = [f"{page.name}: {a}" for page in pages for a in Fetched(page.read_text(encoding="utf-8")).addresses]
    assert any("extra.css" in address for address in found)
    styles = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.css"))
    found += re.findall(r"(?:url\(|@import)\s*['\"]?(\S+?)['\")]", styles)
    assert not [address for address in found if re.search(r"(?:^|: )(?:https?:)?//", address)]


def test_links_of_readme_lead_somewhere() -> None:
    for file in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / file).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{file} links to {target}, which is not there"


def test_all_that_is_public_is_in_the_reference(site: Path, hooks: Any) -> None:
    page = (site / "reference" / "python.html").read_text(encoding="utf-8")
    names = [(module, *pair) for module in hooks.MODULES for pair in hooks.exported(module)]
    assert len(names) > 50
    for module, name, where in names:
        assert f'id="{where}"' in page, f"{module}.{name} is not in the reference"
        definition, _, attribute = where.rpartition(".")
        assert getattr(import_module(definition), attribute).__doc__, f"{where} has no docstring"


def parameters(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    for part, inner in getattr(command, "commands", {}).items():
        yield from parameters(inner, f"{name} {part}")
    if not hasattr(command, "commands"):
        assert command.help, f"{name} has no help"
        yield from ((f"{name}: {p.name}", p) for p in command.params)


def test_every_option_is_documented(site: Path) -> None:
    page = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    known = list(parameters(get_command(app), "cinefile"))
    assert len(known) > 60
    for name, parameter in known:
        assert parameter.help, f"{name} has no help"
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert f"<code>{option}</code>" in page, f"{name} is not in the reference"


def test_every_route_is_documented(site: Path, hooks: Any) -> None:
    page = (site / "reference" / "openapi.html").read_text(encoding="utf-8")
    text = hooks.openapi()
    assert len(re.findall(r"^## (?:GET|POST) /", text, re.MULTILINE)) > 10
    assert "POST /api/genres" in page
    blank = re.findall(r"^\| `(\w+)` \| (?:query|path) \| .* \|  \|$", text, re.MULTILINE)
    assert not blank, f"parameters without description: {blank}"
