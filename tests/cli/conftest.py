from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cinefile.cli.app import app
from cinefile.errors import CinefileError

Run = Callable[..., Result]


@pytest.fixture
def run(small_catalogue_file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the small catalogue; an expected error gets its exit code, as in `main`."""
    monkeypatch.setenv("CINEFILE_DB", str(small_catalogue_file))

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments)
        if isinstance(result.exception, CinefileError):
            result.exit_code = result.exception.exit_code
        elif result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke
