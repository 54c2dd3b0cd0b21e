"""The help centre in a browser: without JavaScript, on a phone, by keyboard, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from desk.article_feedback import ArticleVotes
from tests.browser.conftest import Site

PATHS = (
    "/help",
    "/help?area=technical",
    "/help?kind=tutorial",
    "/help/search?q=import",
    "/help/import-contacts-csv",
    "/help/tour-of-deals",
)


def test_all_works_without_javascript(chromium: Browser, site: Site) -> None:
    """With scripts switched off one can search, narrow, read, go on in a series and vote."""
    with chromium.new_context(java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{site.url}/help")
        page.get_by_role("searchbox", name="Search the help centre").fill("import")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Articles").click()
        page.get_by_role("link", name="Import contacts from a CSV file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Import contacts from a CSV file")
        page.get_by_role("button", name="No").click()
        expect(page.get_by_role("status")).to_contain_text("Thank you")
        page.get_by_role("button", name="Yes").click()
        expect(page.get_by_role("status")).to_contain_text("good to hear")
        assert site.parts.feedback.votes() == (ArticleVotes("import-contacts-csv", "0123456789ab", 1, 0),)
        page.goto(f"{site.url}/help/change-plan")
        page.get_by_role("navigation", name="Series").get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("A second step")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone(page: Page, site: Site, path: str) -> None:
    """At 390 pixels nothing scrolls sideways, and links in lists and buttons are large enough for a finger."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(site.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for target in page.locator("main button, .filters a, .entries a, .steps a").all():
        size = target.bounding_box()
        assert size is None or size["height"] >= 24, target.inner_text()


def test_the_contents_are_at_hand_on_a_phone(page: Page, site: Site) -> None:
    """On a phone the contents open by a tap or a key, and lead to the section."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site.url}/help/import-contacts-csv")
    expect(page.get_by_role("navigation", name="On this page")).to_be_hidden()
    summary = page.locator("summary", has_text="On this page")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("details a").last.click()
    assert page.url.endswith("#what-to-do-about-imp-103")


def test_a_reader_by_keyboard_reaches_the_text_first(page: Page, site: Site) -> None:
    """The first Tab is the way past the head of the page."""
    page.goto(f"{site.url}/help/undo-import")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()


def test_paper_has_the_article_alone(page: Page, site: Site) -> None:
    """In print there is the text, without search, menus, form and neighbours."""
    page.goto(f"{site.url}/help/a-second-step")
    page.emulate_media(media="print")
    expect(page.locator(".prose")).to_be_visible()
    expect(page.locator(".meta")).to_be_visible()
    for part in (".top", ".foot", ".contents", ".contents-short", ".helpful", ".steps", ".related"):
        expect(page.locator(part)).to_be_hidden()
