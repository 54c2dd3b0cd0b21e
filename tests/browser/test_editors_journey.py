"""An editor's day in a real browser: from the edited file to the help centre and back, and every page of it by WCAG."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.test_accessibility import violations
from tests.web.newsroom import INVOICES, UNDO, newsroom
from tests.web.test_unanswered_pages import ask
from tests.web.world import PASSWORD, World

BUILD_MS = 60_000


def sign_in(page: Page, live: World, role: str) -> None:
    """Make an account and sign in with it by keyboard."""
    live.parts.staff.add("eve", role, PASSWORD)
    page.goto(f"{live.url}/desk")
    page.get_by_label("Name").fill("eve")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_from_the_edited_file_to_the_help_centre_and_back(context: BrowserContext, tmp_path: Path) -> None:
    """Edit a file, see it in preview, build with a moving bar, ask the golden questions, publish by keyboard: the help centre
    shows the new text; roll back: it shows the old one.
    """
    with newsroom(tmp_path) as room:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        sign_in(page, room.live, "editor")
        expect(page.get_by_role("heading", name="Knowledge base", level=1)).to_be_visible()
        expect(page.get_by_text("All as published")).to_be_visible()

        room.edit(INVOICES, "kept for ten years", "kept for eleven years")
        page.reload()
        page.get_by_role("link", name="1 edited").click()
        page.get_by_role("link", name="Find and download your invoices").click()
        expect(page.locator(".paper")).to_contain_text("kept for eleven years")

        page.goto(f"{room.live.url}/desk/kb")
        page.get_by_label("What was changed").fill("Retention")
        page.keyboard.press("Enter")
        expect(page.get_by_role("progressbar", name="Build")).to_be_visible()
        publish = page.get_by_role("button", name="Publish", exact=True)
        expect(publish).to_be_visible(timeout=BUILD_MS)

        page.get_by_role("link", name=re.compile("side by side")).click()
        expect(page.get_by_text("may go live")).to_be_visible()
        page.get_by_role("link", name=re.compile("^All")).click()
        expect(page.get_by_role("row")).to_have_count(3 + 1 + 2 + 1)

        page.get_by_role("link", name="Overview").click()
        page.get_by_label("Reason", exact=True).focus()
        page.keyboard.type("Ten years was wrong")
        page.keyboard.press("Tab")
        expect(publish).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Published.")
        page.goto(f"{room.live.url}/help/find-invoices")
        expect(page.locator("article")).to_contain_text("kept for eleven years")

        page.goto(f"{room.live.url}/desk/kb")
        page.get_by_label("Reason to roll back").fill("Legal wants to read it first")
        page.get_by_role("button", name=re.compile("Roll back to")).click()
        expect(page.get_by_role("status")).to_contain_text("Rolled back.")
        page.goto(f"{room.live.url}/help/find-invoices")
        expect(page.locator("article")).to_contain_text("kept for ten years")
        assert errors == []


def test_a_session_that_ends_during_a_build_leads_to_the_sign_in(context: BrowserContext, tmp_path: Path) -> None:
    """Who is signed out while the bar moves is led to the sign-in form; a server that is away for a moment is asked again."""
    with newsroom(tmp_path) as room:
        page = context.new_page()
        sign_in(page, room.live, "editor")
        room.edit(INVOICES, "kept for ten years", "kept for eleven years")
        away = 3
        running = {"number": 1, "running": True, "line": "text 1 of 2", "done": 1, "total": 2, "error": "", "version": None}

        def progress(route: Route) -> None:
            nonlocal away
            away -= 1
            route.fulfill(status=502, body="away") if away > 0 else route.fulfill(json=running)

        page.route("**/build.json", progress)
        page.get_by_role("button", name="Build a version").click()
        bar = page.get_by_role("progressbar", name="Build")
        expect(bar).to_have_attribute("max", "2")
        assert away <= 0
        context.clear_cookies()
        page.unroute("**/build.json")
        page.wait_for_url("**/desk/sign-in")


def test_a_build_can_be_followed_without_scripts(chromium: Browser, tmp_path: Path) -> None:
    """Without JavaScript the overview loads itself again until the build has ended."""
    with newsroom(tmp_path) as room, chromium.new_context(java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        sign_in(page, room.live, "editor")
        room.edit(INVOICES, "kept for ten years", "kept for eleven years")
        page.get_by_role("button", name="Build a version").click()
        expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible(timeout=BUILD_MS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_editors_page_breaks_wcag_aa(chromium: Browser, tmp_path: Path, scheme: Literal["light", "dark"], width: int) -> None:
    """Axe finds nothing under WCAG 2.2 A and AA on any editors' page, and none is wider than the screen."""
    found: dict[str, list[str]] = {}
    with newsroom(tmp_path) as room:
        conversation = ask(room.live, "export to xls")
        ask(room.live, "delete my team")
        room.edit(INVOICES, "/help/undo-an-import#undo-the-import", "/help/nowhere")
        (room.content / UNDO).unlink()
        room.build()
        with chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
        ) as context:
            page = context.new_page()
            sign_in(page, room.live, "admin")
            page.wait_for_url("**/desk")
            for path in (
                "/kb",
                "/kb/articles",
                f"/kb/articles/{INVOICES}",
                "/kb/search?q=invoice+zebra&in=candidate",
                "/kb/check",
                "/kb/golden?show=all",
                "/unanswered",
                f"/unanswered/{conversation}",
                "/audit",
            ):
                page.goto(f"{room.live.url}/desk{path}")
                for summary in page.locator("details:not([open]) > summary").all():
                    summary.click()
                found[path] = violations(page)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            page.goto(f"{room.live.url}/desk/kb")
            page.get_by_label("Reason", exact=True).fill("Tidy up")
            page.get_by_role("button", name="Publish", exact=True).click()
            expect(page.get_by_role("button", name="Publish past the gate")).to_be_visible()
            found["refused"] = violations(page)
    assert {name: told for name, told in found.items() if told} == {}
