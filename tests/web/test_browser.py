"""Every flow in a real Chromium: both languages, phone and desk, no console error, no other host, axe content."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.web.conftest import ARGUMENTS, ARTEFACTS, chromium

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason='needs: pip install "cinefile[dev]"')
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
LOCALES = {"en": "en-GB", "es": "es-ES"}
# Language changes words and size changes layout: two of the four runs show axe both of each, in half the time.
AXE_RUNS = ("en-phone", "es-desk", "dark")
RUNS = [(language, size) for language in LOCALES for size in SIZES]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium not found; install it (apt-get install chromium) or set CINEFILE_CHROMIUM to its path")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page being looked at, with what went wrong on it."""

    page: Any
    address: str
    name: str
    accessible: bool
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def picture(self, what: str) -> None:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{what}-{self.name}.png", full_page=True)

    def check(self, what: str) -> None:
        """Screenshot, layout and accessibility of what is shown now."""
        self.picture(what)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
        if not self.accessible:
            return
        # Put in by the debugger, not by the page: its security policy stays in force.
        self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        found = self.page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})"
        )
        serious = [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} ({v['nodes'][0]['failureSummary'][:300]})"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == []


def visit(browser: Any, address: str, language: str, size: str, name: str = "", **options: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport=SIZES[size], locale=LOCALES[language], reduced_motion="reduce", **options)
    page = context.new_page()
    name = name or f"{language}-{size}"
    made = Visit(page, address, name, name in AXE_RUNS)
    page.on("console", lambda m: made.wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: made.wrong.append(str(error)))
    host = urlsplit(address).netloc
    page.on("request", lambda r: made.wrong.append(r.url) if urlsplit(r.url).netloc not in (host, "") else None)
    page.on(
        "requestfailed", lambda r: made.wrong.append(f"failed: {r.url}") if r.failure != "net::ERR_ABORTED" else None
    )
    yield made
    context.close()
    assert made.wrong == []


@pytest.fixture(params=RUNS, ids=["-".join(run) for run in RUNS])
def seen(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Visit]:
    yield from visit(browser, address, *request.param)


def test_search_while_typing(seen: Visit):
    seen.go("/")
    seen.check("home")
    field = seen.page.locator("#q-hero")
    field.press_sequentially("blade runer", delay=15)
    seen.page.wait_for_selector("#s-hero .suggestion")
    assert "Blade Runner" in seen.page.locator("#s-hero").inner_text()
    seen.check("suggestions")
    field.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/film/20")
    seen.go("/search?q=hitchcock")
    seen.check("search")


def test_film_and_person(seen: Visit):
    seen.go("/film/17")
    seen.check("film")
    seen.page.locator('.people a:text("Harrison Ford")').click()
    seen.page.wait_for_url("**/person/*")
    assert seen.page.locator(".dot").count() == 2
    seen.check("person")
    seen.go("/film/42")
    assert seen.page.locator("h1").inner_text().startswith("<script>alert(1)</script>")


def test_browse(seen: Visit):
    seen.go("/browse")
    seen.check("browse")
    if not seen.page.locator('select[name="genre"]').is_visible():
        seen.page.locator(".facets summary").click()
    seen.page.select_option('select[name="genre"]', "Sci-Fi")
    seen.page.wait_for_url("**/browse?genre=Sci-Fi*")
    assert seen.page.locator(".card").count() == 9
    seen.go("/browse?genre=Western&decade=2010")
    seen.check("browse-empty")


def test_rating_by_keyboard_gives_picks(seen: Visit):
    seen.go("/for-you")
    seen.check("foryou-empty")
    first = seen.page.locator("#next [data-rate]").first
    film = first.get_attribute("data-rate")
    first.locator("input").first.focus()
    for _ in range(8):
        seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("#picks .pick")
    ratings = json.loads(seen.page.evaluate("localStorage['cinefile.people']"))[0]["ratings"]
    assert ratings[film]["stars"] == 4.5
    assert seen.page.locator(f'#picks [data-pick="{film}"]').count() == 0
    seen.check("foryou")
    with seen.page.expect_response("**/for-you/picks"):
        seen.page.select_option('#wishes select[name="genre"]', "Western")
    playwright.expect(seen.page.locator("#picks .pick")).to_have_count(1)
    with seen.page.expect_download() as csv:
        seen.page.click("#csv")
    assert "The Searchers" in Path(csv.value.path()).read_text(encoding="utf-8")
    with seen.page.expect_download() as export:
        seen.page.click("#export")
    assert ",4.5" in Path(export.value.path()).read_text(encoding="utf-8")
    seen.page.on("dialog", lambda dialog: dialog.accept())
    seen.page.click("#erase")
    assert json.loads(seen.page.evaluate("localStorage['cinefile.people']"))[0]["ratings"] == {}


def test_a_group_by_touch(browser: Any, address: str):
    for seen in visit(browser, address, "en", "phone", has_touch=True, is_mobile=True):
        seen.go("/for-you")
        seen.page.locator("#next [data-rate]").nth(0).locator("label").nth(9).tap()
        seen.page.locator("#people button").last.tap()
        seen.page.locator("#find").fill("psycho")
        seen.page.wait_for_selector("#found [data-rate]")
        seen.page.locator("#found [data-rate] label").nth(7).tap()
        playwright.expect(seen.page.locator("#picks .pick").first).to_contain_text("Person 2")
        seen.check("group")


def test_ratings_given_on_a_film_page_are_kept(browser: Any, address: str):
    for seen in visit(browser, address, "en", "desk"):
        seen.go("/film/12")
        seen.page.locator("[data-rate] label").nth(6).click()
        seen.go("/film/12")
        assert seen.page.locator("[data-rate] output").inner_text() == "3.5 ★"
        seen.page.locator("[data-rate] .clear").click()
        assert seen.page.locator("[data-rate] output").inner_text() == ""


def test_inside_and_its_playground(seen: Visit):
    seen.go("/inside")
    seen.page.locator("summary", has_text="/api/people/{person_id}").click()
    form = seen.page.locator('[data-try="/api/people/{person_id}"]')
    form.locator('input[name="person_id"]').fill("18")
    form.locator("button").click()
    playwright.expect(form.locator("[data-answer]")).to_contain_text("Alfred Hitchcock")
    seen.check("inside")


def test_what_is_not_there(browser: Any, address: str):
    for seen in visit(browser, address, "es", "phone"):
        seen.go("/film/999999")
        seen.check("not-found")
        # The browser itself reports a 404 of a page as an error in its console.
        seen.wrong[:] = [w for w in seen.wrong if "404" not in w]


def test_dark_pages_keep_their_contrast(browser: Any, address: str):
    for seen in visit(browser, address, "en", "desk", "dark", color_scheme="dark"):
        for path in ("/", "/film/17", "/person/18", "/browse", "/for-you", "/tag", "/inside"):
            seen.go(path)
            seen.check("page" + re.sub(r"\W+", "-", path).rstrip("-"))
        seen.page.locator("[data-theme-toggle]").click()
        assert seen.page.evaluate("document.documentElement.dataset.theme") == "light"


def test_pages_work_without_javascript(browser: Any, address: str):
    for seen in visit(browser, address, "en", "desk", java_script_enabled=False):
        seen.go("/")
        seen.page.locator("#q-hero").fill("vertigo")
        seen.page.locator("#q-hero").press("Enter")
        assert seen.page.locator('.card a:text("Vertigo")').count() == 1
        seen.go("/for-you")
        assert seen.page.locator("noscript").count() == 1
        assert not seen.page.locator("#wishes").is_visible()
        seen.go("/browse")
        seen.page.select_option('select[name="genre"]', "Western")
        seen.page.locator(".facets button").click()
        assert seen.page.locator(".card").count() == 1


def test_pages_are_light_and_do_not_jump(browser: Any, address: str):
    weights = {}
    for seen in visit(browser, address, "en", "desk"):
        received: list[int] = []
        session = seen.page.context.new_cdp_session(seen.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event, seen=received: seen.append(event["encodedDataLength"]))
        seen.page.add_init_script(
            "window.shift = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => window.shift += e.value))"
            ".observe({type: 'layout-shift', buffered: true});"
        )
        for path in ("/", "/film/17", "/browse", "/for-you"):
            session.send("Network.clearBrowserCache")
            received.clear()
            seen.go(path)
            seen.page.wait_for_load_state("networkidle")
            weights[path] = sum(received)
            assert seen.page.evaluate("window.shift") < 0.05, path
    assert max(weights.values()) < 200_000, weights
