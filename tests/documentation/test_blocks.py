"""Every code block of README and docs is run, or checked as far as it can be."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.documentation.blocks import LANGUAGES, PAGES, ROOT, Shell, blocks, run_python

WITH_BLOCKS = [page for page in PAGES if blocks(page)]


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_blocks(page: Path, shell: Shell, folder: Path) -> None:
    if any("to_pandas" in block.code for block in blocks(page)):
        pytest.importorskip("pandas", reason='needs pip install "cinefile[frames]"')
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        assert block.language in LANGUAGES, (
            f"{block.page}:{block.line}: name the language: {', '.join(sorted(LANGUAGES))}"
        )
        if block.language == "python":
            run_python(block, namespace)
        elif block.language == "json":
            json.loads(block.code)
        elif block.language != "text":
            for line, words in block.commands():
                try:
                    shell.run(words)
                except Exception as error:
                    raise AssertionError(f"{block.page}:{line}: {' '.join(words)}") from error


@pytest.mark.parametrize(
    "words", ["cinefile nosuch", "cinefile tag --nosuch", "cinefile fetch nosuch", "make nosuch", "pip install x",
              "cinefile serve --nosuch", "python -m benchmarks nosuch", "wget x", "cinefile film Nosuch"],
)  # fmt: skip
def test_a_wrong_command_is_found(words: str, shell: Shell, folder: Path) -> None:
    with pytest.raises(BaseException, match=r"(?i)nosuch|nothing is known|nobody"):
        shell.run(words.split())
