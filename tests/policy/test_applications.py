"""Names of applications in what customers write, and the everyday words that look like them."""

from __future__ import annotations

import re
import time

import pytest

from policy.applications import find_applications
from policy.document import PolicyDocument


def names(text: str, policy: PolicyDocument) -> list[str]:
    """The names found in a text."""
    return [mention.name for mention in find_applications(text, policy)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("emails from Gmail no longer show on my contacts", ["Gmail"]),
        ("my google-calendar and Google Mail", ["Google Calendar", "Gmail"]),
        ("GMAIL IS BROKEN", ["Gmail"]),
        ("gmail's labels", ["Gmail"]),
        ("office 365 sign-in", ["Microsoft 365"]),
        ("Outlook stopped syncing", ["Outlook"]),
        ("outlook calendar is empty", ["Outlook"]),
        ("the calendar in outlook is empty", ["Outlook"]),
        ("our Outlook for Mac add-in", ["Outlook"]),
        ("connect Slack", ["Slack"]),
        ("connect slack to the board", ["Slack"]),
        ("deal alerts in slack stopped", ["Slack"]),
        ("SLACK IS BROKEN", ["Slack"]),
        ("slack integration", ["Slack"]),
        ("Is Slack supported?", ["Slack"]),
        ("create a zoom meeting from an activity", ["Zoom"]),
        ("I can't connect zoom to PipeRocks", ["Zoom"]),
        ("zoom isn't working", ["Zoom"]),
        ("Zoom links are missing", ["Zoom"]),
        ("stripe payments missing", ["Stripe"]),
        ("Stripe charged twice", ["Stripe"]),
        ("invoices in Quick Books", ["QuickBooks Online"]),
        ("QBO tax codes", ["QuickBooks Online"]),
        ("docu sign envelope", ["DocuSign"]),
        ("my zaps do not fire", ["Zapier"]),
        ("mail chimp audience, Twilio calls", ["Mailchimp", "Twilio"]),
        ("Mailchimps editor, my Google Calendars colours", ["Mailchimp", "Google Calendar"]),
    ],
)
def test_supported_integrations_are_found_as_people_write_them(text: str, found: list[str], policy: PolicyDocument) -> None:
    """Integrations and their products are found in any case, spacing and context that tells, as supported."""
    mentions = find_applications(text, policy)
    assert [mention.name for mention in mentions] == found
    assert all(mention.supported and mention.slug and mention.integration for mention in mentions)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Photoshop crashes when I export", ["Photoshop"]),
        ("HubSpots sync", ["HubSpot"]),
        ("do you integrate with HubSpot?", ["HubSpot"]),
        ("hub spot import", ["HubSpot"]),
        ("whatsapp and Salesforce", ["WhatsApp", "Salesforce"]),
        ("export to Excel", ["Excel"]),
        ("excel file import", ["Excel"]),
        ("Word document as template", ["Microsoft Word"]),
        ("Microsoft Teams meeting", ["Microsoft Teams"]),
        ("import from monday.com", ["Monday.com"]),
        ("notes from Notion", ["Notion"]),
        ("QuickBooks Desktop", ["QuickBooks Desktop"]),
        ("a Zoho CRM export, Trello cards, Xero bills", ["Zoho", "Trello", "Xero"]),
        ("Figma, Jira and AutoCAD", ["Figma", "Jira", "AutoCAD"]),
    ],
)
def test_other_applications_are_found_and_not_supported(text: str, found: list[str], policy: PolicyDocument) -> None:
    """Well-known applications that are no integration are found as such; the longest name wins."""
    mentions = find_applications(text, policy)
    assert [mention.name for mention in mentions] == found
    assert not any(mention.supported or mention.slug or mention.integration for mention in mentions)


@pytest.mark.parametrize(
    "text",
    [
        "The Canvas in the dashboard",
        "The page Zooms in by itself",
        "shows Squares instead of dots",
        "The table has Stripes",
        "zoom in on the board",
        "Zoom in on the board",
        "How do I zoom in on the board?",
        "How Do I Zoom In On The Board",
        "zoom level of the calendar",
        "please don't slack off",
        "Slack off all day",
        "we have some slack in the deal",
        "the sales outlook for Q3",
        "what is the outlook for this deal",
        "a stripe of color",
        "the notion of a lead",
        "we excel at selling",
        "Excel at selling",
        "teams cannot see deals",
        "Teams are missing in settings",
        "move my team to Teams and roles",
        "change the word on the quote",
        "on Monday we open",
        "constant contact with customers",
        "the signal is weak",
        "drift apart",
        "harvest leads from a form",
        "linear growth of deals",
        "a square icon",
        "every workday at nine",
        "striped rows, zooming, slackness, boxes",
        "write to bob@gmail.com or ann@hubspot.com",
        "my iOS app on Android in Chrome",
        "",
    ],
)
def test_everyday_words_and_addresses_are_no_applications(text: str, policy: PolicyDocument) -> None:
    """Words that only look like a name are left alone, as are browsers, phones and e-mail addresses."""
    assert names(text, policy) == []


def test_every_letter_that_the_search_takes_for_one_of_a_name_is_understood(policy: PolicyDocument) -> None:
    """Letters of other alphabets that count as the same in another case ("GMAİL", "Twılio") find the name and break nothing."""
    for letter in (chr(number) for number in range(128, 0x1FFFF)):
        for plain, name in (("i", "gmail"), ("s", "docusign"), ("k", "quickbooks online")):
            if re.fullmatch(plain, letter, re.IGNORECASE):
                assert len(names(f"my {name.replace(plain, letter)} account", policy)) == 1, hex(ord(letter))
    assert names("GMAİL ve MAİLCHİMP çalışmıyor", policy) == ["Gmail", "Mailchimp"]


def test_a_mention_tells_where_it_stands(policy: PolicyDocument) -> None:
    """Start and end cut the written name out of the text; a product names its integration and its page."""
    text = "why is my google  calendar empty"
    [mention] = find_applications(text, policy)
    assert text[mention.start : mention.end] == mention.text == "google  calendar"
    assert (mention.name, mention.integration) == ("Google Calendar", "Google Workspace")
    assert mention.slug == "integration-google-calendar"


def test_every_name_and_alias_is_found_where_the_context_tells(policy: PolicyDocument) -> None:
    """No name of the policy file is written in a way that can never match, and none hides another."""
    applications = [part.application for part in policy.integrations]
    applications += [product.application for part in policy.integrations for product in part.products]
    for application in (*applications, *policy.other_applications):
        for form in (application.name, *application.aliases):
            assert names(f"we connect {form} today", policy) == [application.name], form


def test_a_very_long_text_is_read_quickly(policy: PolicyDocument) -> None:
    """Length does not make the search explode."""
    started = time.process_time()
    find_applications("zoom in slack off " * 5000 + "micro" * 5000, policy)
    assert time.process_time() - started < 5
