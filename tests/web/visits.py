"""A page looked at in Chromium, with what went wrong on it, a screenshot of it, and what axe-core finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts" / "web"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
LOCALES = {"en": "en-GB", "es": "es-ES"}
RUNS = [(language, size) for language in LOCALES for size in SIZES]
_RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})"


@dataclass
class Visit:
    """A page being looked at."""

    page: Any
    address: str
    name: str
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def check(self, what: str) -> None:
        """Screenshot and layout of what is shown now."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{what}-{self.name}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"

    def accessible(self) -> list[str]:
        """What axe-core calls serious or critical of what is shown now."""
        # Put in by the debugger, not by the page: its security policy stays in force.
        self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} ({v['nodes'][0]['failureSummary'][:300]})"
            for v in self.page.evaluate(_RULES)["violations"]
            if v["impact"] in ("serious", "critical")
        ]


@contextmanager
def visiting(browser: Any, address: str, language: str, size: str, name: str = "", **options: Any) -> Iterator[Visit]:
    """A fresh visitor; afterwards nothing may stand in the console, and no other host have been asked."""
    context = browser.new_context(viewport=SIZES[size], locale=LOCALES[language], reduced_motion="reduce", **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    made = Visit(page, address, name or f"{language}-{size}")
    page.on("console", lambda m: made.wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: made.wrong.append(str(error)))
    host = urlsplit(address).netloc
    page.on("request", lambda r: made.wrong.append(r.url) if urlsplit(r.url).netloc not in (host, "") else None)
    page.on(
        "requestfailed", lambda r: made.wrong.append(f"failed: {r.url}") if r.failure != "net::ERR_ABORTED" else None
    )
    try:
        yield made
    finally:
        context.close()
    assert made.wrong == []
