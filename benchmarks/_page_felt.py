"""The pages as Chromium feels them: largest paint, weight, layout shift, time from an interaction to the next paint."""

import os
import shutil
from typing import Any

VISITS = 3
PLOT = "A sheriff and an outlaw face each other in a dusty frontier town as the railroad comes."
# web.dev/articles/inp: the longest of the interactions, where there are fewer than fifty.
_PAINT = """
    window.felt = {lcp: 0, inp: 0, shift: 0};
    new PerformanceObserver((l) => l.getEntries().forEach((e) => felt.lcp = e.startTime))
      .observe({type: 'largest-contentful-paint', buffered: true});
    const slower = (e) => { if (e.interactionId) felt.inp = Math.max(felt.inp, e.duration); };
    new PerformanceObserver((l) => l.getEntries().forEach(slower))
      .observe({type: 'event', durationThreshold: 16, buffered: true});
    new PerformanceObserver((l) => l.getEntries().forEach((e) => { if (!e.hadRecentInput) felt.shift += e.value; }))
      .observe({type: 'layout-shift', buffered: true});
"""


def pages(film: int, person: int) -> dict[str, str]:
    """Name and address of every kind of page."""
    return {
        "home": "/", "search": "/search?q=hitchcock", "film": f"/film/{film}", "person": f"/person/{person}",
        "browse": "/browse?genre=Drama&sort=-score", "tag": "/tag", "for you": "/for-you", "inside": "/inside",
    }  # fmt: skip


def felt(url: str, film: int, person: int) -> dict[str, Any]:
    """Per page, the middle of three first visits to a warm server with an empty browser cache."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CINEFILE_CHROMIUM") or shutil.which("chromium")
    args = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=args.split())
        _visit(browser, url, "home", "/")  # the browser's own start is not the page's
        answers = {
            name: _middle([_visit(browser, url, name, where) for _ in range(VISITS)])
            for name, where in pages(film, person).items()
        }
        browser.close()
    return answers


def _visit(browser: Any, url: str, name: str, where: str) -> dict[str, float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    received: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.add_init_script(_PAINT)
    page.goto(url + where)
    page.wait_for_load_state("networkidle")
    weight = sum(received) / 1000
    page.wait_for_timeout(100)
    before = page.evaluate("({...felt})")
    _use(page, name)
    page.wait_for_timeout(300)
    interaction = page.evaluate("felt.inp")
    page.context.close()
    return {
        "largest_contentful_paint_ms": before["lcp"],
        "interaction_to_next_paint_ms": interaction,
        "weight_kb": weight,
        "layout_shift": before["shift"],
    }


def _use(page: Any, name: str) -> None:
    """What somebody does on a page: types, rates, switches, opens; each a real event from the browser's own input."""
    search = page.locator("[data-search] input:visible").first
    search.press_sequentially("blade runer", delay=60)
    page.wait_for_selector(".suggestions *, #found li")
    page.keyboard.press("Escape")
    page.locator("[data-theme-toggle]").click()
    if name in ("film", "for you"):
        page.locator("[data-rate] label").nth(8).click()
    if name == "for you":
        page.wait_for_selector("#picks [data-pick]")
        page.locator("#picks [data-rate] label").nth(6).click()
        page.locator("#wishes input[type=range]").press("ArrowRight")
    if name == "tag":
        page.locator("#plot").press_sequentially(PLOT, delay=15)
        page.wait_for_selector("#tags .over")
        page.locator("[data-clear]").click()
    if name == "inside":
        page.locator(".folds summary").nth(5).click()


def _middle(visits: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(sorted(v[key] for v in visits)[len(visits) // 2], 4) for key in visits[0]}
