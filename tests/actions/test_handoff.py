from __future__ import annotations

import pytest

from actions.handoff import CONFIRM_BUTTONS, IMPACT_BUTTONS, OPEN, STATUS_WORDS
from actions.ticket_details import read_contact, read_impact
from desk import ticket_moves
from tests.actions.talk import Conversation


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("only me", "me"),
        ("it is just for me, my team is fine", "me"),
        ("my team", "several"),
        ("just me, nobody else", "me"),
        ("it hits me, no one else", "me"),
        ("not everyone, only me", "me"),
        ("not just me, all of us", "everyone"),
        ("5 users", "several"),
        ("both of us", "several"),
        ("the entire office", "everyone"),
        ("no one can log in", "everyone"),
        ("every body", "everyone"),
        ("banana", None),
        ("", None),
    ],
)
def test_the_widest_impact_that_is_said_counts(text: str, impact: str | None) -> None:
    """Who is affected is read from everyday words; nothing said is nothing known."""
    assert read_impact(text) == impact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("mail me at a.b@example.org, thanks", "a.b@example.org"),
        ("+1 (415) 555-0100", "+1 (415) 555-0100"),
        ("0131 496 0123 after lunch", "0131 496 0123"),
        ("invoice 4471", None),
        ("v7.2.1 on 2 machines", None),
        ("@ada", None),
    ],
)
def test_an_address_or_a_number_is_found(text: str, contact: str | None) -> None:
    """E-mail addresses and phone numbers are found; short numbers and handles are none."""
    assert read_contact(text) == contact


def test_buttons_are_understood_as_answers(conversation: Conversation) -> None:
    """What the buttons of the hand-off send is read as what they say."""
    assert [read_impact(button.payload) for button in IMPACT_BUTTONS] == ["me", "several", "everyone"]
    yes, no = CONFIRM_BUTTONS
    conversation.answer("ticket_confirm", yes.payload, "affirm")
    assert conversation.slots["ticket_confirm"] == "yes"
    assert no.payload.lower().startswith("no")


def test_every_state_of_a_ticket_has_words() -> None:
    """Each state that a ticket can be in can be said, and the open ones are the desk's."""
    assert set(STATUS_WORDS) == set(ticket_moves.STATUSES)
    assert set(OPEN) == set(ticket_moves.OPEN)
