from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.composition import Services
from desk.identity import Identity
from tests.actions.talk import AT, Conversation

ACTION = "action_show_ticket"
MOVES: dict[str, Callable[[Services, str], object]] = {
    "new": lambda built, number: None,
    "open": lambda built, number: built.tickets.assign(number, "sam", "sam", AT),
    "waiting": lambda built, number: built.tickets.reply(number, "sam", "Which browser?", AT),
    "escalated": lambda built, number: built.tickets.escalate(number, "customer", "urgent", AT),
    "resolved": lambda built, number: built.tickets.resolve(number, "sam", AT),
}


@pytest.mark.parametrize("status", MOVES)
def test_tells_every_state(status: str, conversation: Conversation, built: Services) -> None:
    """Whatever state the ticket is in, the reply names number and state and carries the ticket."""
    number = conversation.has_ticket().number
    MOVES[status](built, number)
    said = conversation.say(ACTION, "how is my ticket?", "ticket_status")
    assert said.decisions == ["ticket"]
    assert number in said.text
    assert said.reply["ticket"]["status"] == status


def test_a_running_ticket_repeats_its_promise(conversation: Conversation) -> None:
    """While the team works on it, the reply repeats the promise that was given."""
    conversation.has_ticket()
    assert "Tuesday 5 May 2026, 16:30" in conversation.say(ACTION, "status?", "ticket_status").text


def test_a_resolved_ticket_can_be_reopened(conversation: Conversation, built: Services) -> None:
    """A resolved ticket is shown without promise and with the word that it can be reopened."""
    built.tickets.resolve(conversation.has_ticket().number, "sam", AT)
    text = conversation.say(ACTION, "status?", "ticket_status").text
    assert "reopen" in text and "2026" not in text


def test_the_newest_of_the_customer_is_found_from_elsewhere(conversation: Conversation, built: Services) -> None:
    """In a new conversation the customer's newest ticket is shown."""
    number = conversation.has_ticket().number
    conversation.id = built.conversations.start(conversation.identity, AT).id
    assert conversation.say(ACTION, "status?", "ticket_status").reply["ticket"]["number"] == number


def test_nobody_elses_ticket_is_shown(conversation: Conversation, built: Services) -> None:
    """Another customer's ticket is never shown; where there is none, one is offered."""
    conversation.has_ticket()
    conversation.identity = Identity("u-eve", "Eve")
    conversation.id = built.conversations.start(conversation.identity, AT).id
    said = conversation.say(ACTION, "status?", "ticket_status")
    assert said.reply["ticket"] is None
    assert said.payloads == ["I would like to open a ticket"]
    assert said.slots["pending_offer"] == "person"
