from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site
from tests.browser.test_widget import open_widget, say, ticket_of
from tests.web.world import PASSWORD

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, the widget's shadow tree included."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(told => told.violations)", TAGS)
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_breaks_wcag_aa(chromium: Browser, site: Site, scheme: Literal["light", "dark"], width: int) -> None:
    """Axe finds nothing under WCAG 2.2 A and AA: demo, each state of the widget, help centre, console."""
    found: dict[str, list[str]] = {}
    with chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(site.url)
        found["demo"] = violations(page)
        open_widget(page)
        page.get_by_text("What can we help with?").wait_for()
        found["widget, empty"] = violations(page)
        say(page, "how do I import?")
        page.get_by_text("Was this helpful?").wait_for()
        found["widget, answer"] = violations(page)
        page.get_by_role("button", name="Talk to a person").click()
        page.get_by_role("button", name="Just me").click()
        page.get_by_role("region", name="Ticket PR-10001").wait_for()
        number = ticket_of(page, site)
        site.parts.tickets.reply(number, "ana", "Please try **UTF-8**.", site.parts.now())
        page.locator(".m.staff").wait_for()
        found["widget, person"] = violations(page)
        for path in (
            "/help",
            "/help?area=technical",
            "/help?kind=tutorial",
            "/help/search?q=import",
            "/help/search?q=doubtful+import&kind=article",
            "/help/a-second-step",
            "/help/import-contacts-csv?voted=no",
            "/help/import-contacts-csv",
            "/help/tour-of-deals",
            "/help/x",
        ):
            page.goto(site.url + path)
            found[path] = violations(page)
        site.parts.staff.add("ana", "agent", PASSWORD)
        page.goto(f"{site.url}/desk")
        found["sign in"] = violations(page)
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=number).wait_for()
        found["tickets"] = violations(page)
        page.get_by_role("link", name=number).click()
        page.get_by_text("Why the assistant said this").first.click()
        found["ticket"] = violations(page)
    assert {name: told for name, told in found.items() if told} == {}
