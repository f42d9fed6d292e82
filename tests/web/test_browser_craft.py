"""What holds for every page in a real Chromium: accessible in both themes and languages, light, and still."""

import json
import re
from typing import Any

import pytest
from tests.web.visits import visiting

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason='needs: pip install "cinefile[dev]"')
PLOT = "A+retired+detective+hunts+a+killer+through+the+rain+of+a+dark+city."
PAGES = (
    "/", "/search?q=hitchcock", "/film/40", "/person/18", "/browse?genre=Family", f"/tag?plot={PLOT}", "/for-you",
    "/inside", "/nowhere",
)  # fmt: skip
MINE = json.dumps([{"name": "", "ratings": {"18": {"stars": 5, "title": "Alien", "year": 1979}}, "seen": [1]}])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("es", "desk")])
def test_every_page_is_accessible(browser: Any, address: str, language: str, size: str, theme: str):
    with visiting(browser, address, language, size, f"{theme}-{language}-{size}", color_scheme=theme) as seen:
        found = {}
        for path in PAGES:
            seen.go(path)
            if path == "/for-you":
                found["newcomer"] = seen.accessible()
                seen.page.evaluate("mine => { localStorage['cinefile.people'] = mine; }", MINE)
                seen.go(path)
                seen.page.wait_for_selector("#picks [data-pick]")
            seen.check("page" + re.sub(r"\W+", "-", path.split("=")[0]).rstrip("-"))
            found[path] = seen.accessible()
        assert {path: serious for path, serious in found.items() if serious} == {}
        # The browser itself reports a page's 404 in its console.
        seen.wrong[:] = [w for w in seen.wrong if "404" not in w]


def test_the_theme_is_chosen_and_remembered(browser: Any, address: str):
    with visiting(browser, address, "en", "desk", color_scheme="dark") as seen:
        seen.go("/")
        seen.page.locator("[data-theme-toggle]").click()
        seen.go("/browse")
        assert seen.page.evaluate("document.documentElement.dataset.theme") == "light"


def test_pages_work_without_javascript(browser: Any, address: str):
    with visiting(browser, address, "en", "desk", java_script_enabled=False) as seen:
        seen.go("/")
        seen.page.locator("#q-hero").fill("vertigo")
        seen.page.locator("#q-hero").press("Enter")
        assert seen.page.locator('.card a:text("Vertigo")').count() == 1
        seen.go("/for-you")
        assert seen.page.locator("noscript").count() == 1
        assert not seen.page.locator("#wishes").is_visible()
        ratings = b"Title,Year,Rating\nAlien,1979,5\n"
        seen.page.set_input_files("#file", {"name": "r.csv", "mimeType": "text/csv", "buffer": ratings})
        seen.page.locator("#import button").click()
        seen.page.wait_for_selector("[data-pick]")
        seen.go("/tag")
        seen.page.locator("#plot").fill("A heist crew robs a bank.")
        seen.page.locator("[data-tagger] button").click()
        assert seen.page.locator(".bars .over").count() > 0
        seen.go("/browse")
        seen.page.select_option('select[name="genre"]', "Western")
        seen.page.locator(".facets button").click()
        assert seen.page.locator(".card").count() == 1


def test_pages_are_light_and_do_not_jump(browser: Any, address: str):
    weights = {}
    with visiting(browser, address, "en", "desk") as seen:
        received: list[int] = []
        session = seen.page.context.new_cdp_session(seen.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        seen.page.add_init_script(
            "window.shift = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => window.shift += e.value))"
            ".observe({type: 'layout-shift', buffered: true});"
        )
        for path in ("/", "/film/17", "/person/18", "/browse", "/tag", "/for-you", "/inside"):
            session.send("Network.clearBrowserCache")
            received.clear()
            seen.go(path)
            seen.page.wait_for_load_state("networkidle")
            weights[path] = sum(received)
            assert seen.page.evaluate("window.shift") < 0.05, path
        seen.page.evaluate("mine => { localStorage['cinefile.people'] = mine; }", MINE)
        seen.go("/for-you")
        seen.page.wait_for_selector("#picks [data-pick]")
        assert seen.page.evaluate("window.shift") < 0.05
    assert max(weights.values()) < 200_000, weights
