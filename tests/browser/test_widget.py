from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from desk.tickets import TicketRequest
from policy.clock import promise
from tests.browser.conftest import Site

HELP = re.compile("open PipeRocks Support")


def open_widget(page: Page) -> None:
    """Open by the "?"."""
    page.get_by_role("button", name=HELP).click()


def say(page: Page, text: str) -> None:
    """Type and press Enter."""
    page.get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")


def test_a_journey_by_keyboard_alone(page: Page) -> None:
    """Open with Enter, type, break a line, send with Enter, press a button, and Esc gives the focus back to
    the "?".
    """
    launch = page.get_by_role("button", name=HELP)
    launch.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="PipeRocks Support")
    expect(dialog).to_be_visible()
    field = page.get_by_role("textbox", name="Your message")
    expect(field).to_be_focused()
    page.keyboard.type("Hello")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("I need a person")
    expect(field).to_have_value("Hello\nI need a person")
    page.keyboard.press("Enter")
    expect(field).to_have_value("")
    choice = dialog.get_by_role("button", name="Just me")
    expect(choice).to_be_visible()
    choice.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("region", name="Ticket PR-10001")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(launch).to_be_focused()


def test_the_log_is_announced(page: Page) -> None:
    """The conversation is a polite log, each message names its speaker."""
    open_widget(page)
    say(page, "hello")
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.locator(".m.bot")).to_contain_text("Assistant:")
    expect(log.locator(".m.user")).to_contain_text("You:")


def test_markup_does_nothing(page: Page) -> None:
    """Markup in a question or an answer stays text."""
    open_widget(page)
    say(page, "<img src=x onerror=alert(1)> hello")
    log = page.get_by_role("log")
    expect(log.locator(".m.bot")).to_contain_text("<img src=x")
    expect(log.locator(".m.user")).to_contain_text("<img src=x")
    expect(log.locator("img")).to_have_count(0)


def test_a_citation_opens_the_help_page(page: Page, context: BrowserContext) -> None:
    """A citation leads to its section of the help page, in a new tab without a way back."""
    open_widget(page)
    say(page, "how do I import?")
    link = page.get_by_role("link", name=re.compile("Import contacts from a CSV file: Map your columns"))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    with context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Import contacts from a CSV file")
    assert opened.value.url.endswith("/help/import-contacts-csv#map-your-columns")


def test_a_long_answer_shows_its_beginning_and_scrolls(page: Page) -> None:
    """After a long answer its first line is in view and the rest can be scrolled to."""
    open_widget(page)
    say(page, "how do I import?")
    log = page.get_by_role("log")
    expect(log.get_by_text("To import contacts:")).to_be_in_viewport()
    expect(log.get_by_text("30", exact=True)).not_to_be_in_viewport()
    log.get_by_text("Was this helpful?").scroll_into_view_if_needed()
    expect(log.get_by_text("Was this helpful?")).to_be_in_viewport()


def test_the_ticket_card(page: Page) -> None:
    """The card has number, status and the reply-by in the customer's own zone, whatever the browser's."""
    page.get_by_text("Maya Lindqvist").first.click()
    page.get_by_label("Region and time zone").select_option("DE-BY")
    page.keyboard.press("Escape")
    open_widget(page)
    page.get_by_role("button", name="Talk to a person").click()
    page.get_by_role("button", name="Everyone").click()
    card = page.get_by_role("region", name="Ticket PR-10001")
    expect(card).to_contain_text("Received")
    expect(card).to_contain_text(re.compile(r"Wednesday,? 25 November.* 11:00"))


def test_feedback(page: Page) -> None:
    """Yes or no can be given by button, is shown as pressed and is thanked for."""
    open_widget(page)
    say(page, "how do I import?")
    group = page.get_by_role("group", name="Was this helpful?")
    group.get_by_role("button", name="Yes").click()
    expect(group.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(group.get_by_role("status")).to_have_text("Good to hear.")


def test_the_history_is_there_again(page: Page) -> None:
    """After a reload, and in another tab, the conversation is replayed; a new one begins empty."""
    open_widget(page)
    say(page, "hello")
    expect(page.locator(".m.bot")).to_have_count(1)
    page.reload()
    open_widget(page)
    expect(page.locator(".m")).to_have_count(2)
    other = page.context.new_page()
    other.goto(page.url)
    open_widget(other)
    expect(other.locator(".m")).to_have_count(2)
    page.get_by_role("button", name="Start a new conversation").click()
    expect(page.locator(".m")).to_have_count(0)
    expect(page.get_by_text("What can we help with?")).to_be_visible()


def test_another_identity_sees_nothing_of_the_last(page: Page) -> None:
    """Signing in as somebody else clears the screen, and coming back shows the own conversation."""
    open_widget(page)
    say(page, "hello")
    expect(page.locator(".m.bot")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_text("Maya Lindqvist").first.click()
    page.get_by_label("Person").select_option("demo-jonas")
    page.keyboard.press("Escape")
    open_widget(page)
    expect(page.get_by_text("Hello Jonas")).to_be_visible()
    expect(page.locator(".m")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_text("Jonas").first.click()
    page.get_by_label("Person").select_option("demo-maya")
    page.keyboard.press("Escape")
    open_widget(page)
    expect(page.locator(".m")).to_have_count(2)


def test_an_identity_that_comes_late_has_its_conversation(page: Page) -> None:
    """Where a page names the customer only after the panel was opened, the conversation that this browser keeps is shown."""
    open_widget(page)
    say(page, "hello")
    expect(page.locator(".m.bot")).to_have_count(1)
    page.route("**/", lambda route: route.fulfill(body=without(route.fetch().text(), 'token-url="/demo/token"')))
    page.route("**/static/demo.js", lambda route: route.fulfill(body=""))
    page.reload()
    open_widget(page)
    expect(page.get_by_text("What can we help with?")).to_be_visible()
    page.evaluate("document.querySelector('piperocks-support').setAttribute('token-url', '/demo/token')")
    expect(page.locator(".m")).to_have_count(2)


def without(text: str, part: str) -> str:
    """The text without a part that it must have."""
    assert part in text
    return text.replace(part, "")


def test_a_message_survives_an_outage(page: Page, site: Site) -> None:
    """While Rasa is down the message is kept and said to be; when it is back the answer comes, and it was
    one message.
    """
    open_widget(page)
    site.rasa.stop()
    say(page, "hello")
    expect(page.get_by_text("Your message is kept and sent again")).to_be_visible()
    page.reload()
    open_widget(page)
    site.rasa.start()
    expect(page.locator(".m.bot")).to_have_count(1, timeout=20_000)
    expect(page.locator(".m.user")).to_have_count(1)
    expect(page.get_by_text("Your message is kept and sent again")).to_be_hidden()


@pytest.mark.parametrize("broken", ["**/api/v1/conversations", "**/api/v1/conversations/*/messages"])
def test_an_address_that_is_not_there_is_asked_a_few_times_only(page: Page, broken: str) -> None:
    """Where no server answers at the address (a wrong host, a proxy without the route) the message is said to be unsent; the
    browser does not ask again and again.
    """
    asked: list[str] = []

    def nothing_here(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404, content_type="application/problem+json", body='{"detail": "There is nothing at this address."}')

    page.route(broken, nothing_here)
    open_widget(page)
    say(page, "hello")
    expect(page.get_by_text("Not sent: There is nothing at this address.")).to_be_visible()
    page.wait_for_timeout(500)
    assert len(asked) == 1
    page.unroute(broken)
    say(page, "hello again")
    expect(page.locator(".m.bot")).to_have_count(1)


def test_a_conversation_that_is_gone_begins_anew(page: Page) -> None:
    """A conversation that the server no longer knows is replaced by a new one, with the message in it."""
    open_widget(page)
    say(page, "hello")
    expect(page.locator(".m.bot")).to_have_count(1)
    first = conversation_of(page)
    page.route(f"**/{first}/messages", lambda route: route.fulfill(status=404, content_type="application/json", body="{}"))
    say(page, "hello again")
    expect(page.locator(".m.bot")).to_have_count(2)
    assert conversation_of(page) != first


def test_offline_and_back(page: Page, context: BrowserContext) -> None:
    """Without a network the message waits, and goes out when the network is back."""
    open_widget(page)
    say(page, "hello")
    expect(page.locator(".m.bot")).to_have_count(1)
    context.set_offline(True)
    say(page, "hello again")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".m.bot")).to_have_count(2)
    expect(page.locator(".m.user")).to_have_count(2)


def conversation_of(page: Page) -> str:
    """The conversation this browser keeps."""
    kept = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    (found,) = (value for name, value in kept.items() if name.startswith("piperocks-support:"))
    return str(json.loads(found)["conversation"])


def ticket_of(page: Page, site: Site) -> str:
    """A ticket for the conversation of this browser, as the action server opens one."""
    conversation = site.parts.log.get(conversation_of(page))
    now = site.parts.now()
    request = TicketRequest(
        conversation_id=conversation.id,
        identity=conversation.identity,
        summary="The import stops",
        impact="everyone",
        contact="maya@northlight.example",
        area="technical",
        refusal=None,
        promise=promise(now, tz="Europe/Berlin", region="DE-BY", plan=None, policy=site.parts.policy),
        at=now,
    )
    return site.parts.tickets.open(request).number


def test_a_reply_of_the_desk_reaches_the_widget(page: Page, site: Site) -> None:
    """What staff write appears by itself, the head says that a person has it, the bot is silent until it is
    resolved.
    """
    open_widget(page)
    say(page, "hello")
    expect(page.locator(".m.bot")).to_have_count(1)
    number = ticket_of(page, site)
    site.parts.tickets.reply(number, "ana", "This is **Ana**.", site.parts.now())
    staff = page.locator(".m.staff")
    expect(staff).to_contain_text("This is Ana.")
    expect(staff).to_contain_text("Support team")
    expect(page.get_by_text("A person has this conversation")).to_be_visible()
    say(page, "thank you")
    expect(page.locator(".m.user:not(.waiting)")).to_have_count(2)
    expect(page.locator(".m.bot")).to_have_count(1)
    site.parts.tickets.resolve(number, "ana", site.parts.now())
    expect(page.locator(".m.system")).to_be_visible()
    expect(page.get_by_text("A person is one step away.")).to_be_visible()


def test_on_a_phone(page: Page) -> None:
    """On a phone the widget fills the screen, keeps the focus inside and is wide enough for touch."""
    page.set_viewport_size({"width": 375, "height": 667})
    open_widget(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("aria-modal", "true")
    box = dialog.bounding_box()
    assert box is not None and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 375, 667)
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement.tagName === 'PIPEROCKS-SUPPORT'")
        assert inside
    for each in dialog.get_by_role("button").all():
        size = each.bounding_box()
        assert size is None or (size["height"] >= 24 and size["width"] >= 24)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
