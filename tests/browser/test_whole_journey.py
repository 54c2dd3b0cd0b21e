from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.running_system import RunningSystem

HELP = re.compile("open PipeRocks Support")
PASSWORD = "a long password for tests"


def say(page: Page, text: str) -> None:
    """Type and press Enter."""
    page.get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")


def sign_in(page: Page, system: RunningSystem, name: str) -> None:
    """Make a staff account on the command line and sign in with it."""
    added = system.command("staff", "add", name, "--role", "senior", "--password-stdin", given=PASSWORD)
    assert added.returncode == 0, added.stderr
    page.goto(f"{system.url}/desk")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_from_a_question_to_the_ticket_in_the_console(context: BrowserContext, system: RunningSystem) -> None:
    """Through the real three processes: a cited answer whose citation opens, a hand-off with its promise, and the same
    ticket with its transcript in the console, from where a reply reaches the widget.
    """
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(system.url)
    page.get_by_text("Maya Lindqvist").first.click()
    page.get_by_label("Region and time zone").select_option("GB-SCT")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=HELP).click()
    say(page, "how can I rename the stages of my deal pipeline")
    answer = page.locator(".m.bot").first
    expect(answer).to_contain_text("Settings > Data > Pipelines", timeout=30_000)
    with context.expect_page() as opened:
        answer.get_by_role("link", name=re.compile("Rename or reorder the stages")).first.click()
    article = opened.value
    expect(article.get_by_role("heading", level=1)).to_contain_text("Rename or reorder the stages of a pipeline")
    article.close()

    say(page, "I want to talk to a human")
    page.get_by_role("button", name="Just me").click()
    page.get_by_role("button", name="Open the ticket").click()
    card = page.get_by_role("region", name=re.compile("Ticket PR-"))
    expect(card).to_be_visible()
    expect(card).to_contain_text(re.compile("Tuesday|Tue"))
    number = re.search(r"PR-\d+", card.inner_text())
    assert number
    expect(page.locator(".m.bot").last).to_contain_text("Tuesday 5 May 2026, 16:30")
    expect(page.locator(".m.bot").last).to_contain_text("May Day")

    desk = context.new_page()
    sign_in(desk, system, "journey")
    desk.get_by_role("link", name=re.compile(number.group())).first.click()
    transcript = desk.locator("ol.transcript")
    expect(transcript).to_contain_text("how can I rename the stages of my deal pipeline")
    expect(transcript).to_contain_text("Settings > Data > Pipelines")
    desk.get_by_label("Reply to the customer").fill("I will rename them with you.")
    desk.get_by_role("button", name="Send reply").click()
    expect(page.locator(".m.staff")).to_contain_text("I will rename them with you.", timeout=15_000)
