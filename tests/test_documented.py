"""What is not documented does not pass: settings and commands (routes: tests/api/test_description.py)."""

from pathlib import Path

import pytest

from cinefile.cli.app import COMMANDS, GROUPS
from cinefile.settings import SETTINGS, Setting

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting(setting: Setting) -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert f"| `{setting.variable}` | `{setting.default}` | {setting.help} |" in text


@pytest.mark.parametrize("command", [*COMMANDS, *GROUPS])
def test_every_command(command: str) -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert f"| `cinefile {command}" in text
