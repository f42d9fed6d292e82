"""Looking films up, tagging and the page Inside in a real Chromium: both languages, phone and desk."""

import pytest
from tests.web.visits import Visit, visiting

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason='needs: pip install "cinefile[dev]"')
WESTERN = "A sheriff and an outlaw face each other in a dusty frontier town as the railroad comes."


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


def test_a_hostile_title_is_shown_not_run(seen: Visit):
    seen.page.on("dialog", lambda dialog: seen.wrong.append(dialog.message))
    seen.go("/film/42")
    assert seen.page.locator("h1").inner_text().startswith("<script>alert(1)</script>")
    # The ratings' list is put together by our own script, from what stands in the browser's storage.
    seen.page.locator("[data-rate] label").nth(9).click()
    seen.go("/for-you")
    playwright.expect(seen.page.locator("#rated a")).to_have_text("<script>alert(1)</script> (2020)")


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


def test_tagging_while_typing(seen: Visit):
    asked: list[str] = []
    seen.page.on("request", lambda r: asked.append(r.url) if r.method == "POST" else None)
    seen.go("/tag")
    seen.check("tag-empty")
    seen.page.locator("#plot").press_sequentially(WESTERN, delay=5)
    bars = seen.page.locator("#tags .bars:not(.ghosts) li")
    playwright.expect(bars.first.locator("a")).to_have_attribute("href", "/browse?genre=Western")
    playwright.expect(bars.first.locator(".threshold")).to_have_count(1)
    assert "over" in (bars.first.get_attribute("class") or "")
    # One question after the last letter (two where the machine was slow), not one per letter.
    assert len([url for url in asked if url.endswith("/tag")]) <= 3
    strongest = seen.page.locator(".plot-marked mark.w3").first
    playwright.expect(strongest).to_be_visible()
    assert strongest.inner_text() in {"sheriff", "outlaw", "frontier", "railroad", "dusty"}
    # The note that sixteen words are few, in the reader's language.
    playwright.expect(seen.page.locator("#tags .notice")).to_contain_text("20")
    seen.check("tag")
    seen.page.locator("#plot").fill(
        "Un hombre busca a su hija perdida en las calles de la ciudad durante una noche. " * 3
    )
    playwright.expect(seen.page.locator("#tags .notice")).to_contain_text("English" if "en" in seen.name else "inglés")
    seen.page.locator("[data-example]").first.click()
    playwright.expect(bars.locator("a[href='/browse?genre=Crime']")).to_have_count(1)
    playwright.expect(seen.page.locator("#tags .notice")).to_have_count(0)
    seen.page.locator("[data-clear]").click()
    playwright.expect(bars).to_have_count(0)
    assert seen.page.locator("#plot").input_value() == ""


def test_inside_and_its_playground(seen: Visit):
    seen.go("/inside")
    assert "cinefile evaluate miad-grid" in seen.page.locator("#figures").inner_text()
    seen.page.locator("#data summary", has_text="What must hold").click()
    playwright.expect(seen.page.locator("#data tbody tr", has_text="every credit has its person")).to_contain_text("0")
    seen.page.locator("summary", has_text="/api/people/{person_id}").click()
    form = seen.page.locator('[data-try="/api/people/{person_id}"]')
    form.locator('input[name="person_id"]').fill("18")
    form.locator("button").click()
    playwright.expect(form.locator("[data-answer]")).to_contain_text("Alfred Hitchcock")
    seen.check("inside")


def test_a_server_that_says_no_is_said_where_the_answer_was_to_be(browser, address):
    with visiting(browser, address, "en", "desk") as seen:
        seen.page.route("**/search/suggest*", lambda route: route.fulfill(status=429))
        seen.go("/")
        seen.page.locator("#q-hero").press_sequentially("alien")
        playwright.expect(seen.page.locator("#s-hero .notice")).to_contain_text("wait a few seconds")
        seen.wrong[:] = [w for w in seen.wrong if "429" not in w]
