from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.composition import Services, install
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


def test_no_answer_is_promised_for_a_time_that_is_over(conversation: Conversation, built: Services) -> None:
    """Once the promised time has passed, the reply says so instead of promising the past."""
    conversation.has_ticket()
    install(replace(built, now=lambda: AT + timedelta(days=30)))
    text = conversation.say(ACTION, "status?", "ticket_status").text
    assert "16:30** (Europe/London time), which has passed" in text and "will answer" not in text


def test_a_reopened_ticket_gets_the_rule(conversation: Conversation, built: Services) -> None:
    """The promise was given for the first answer: a ticket that was reopened reads the rule and no instant."""
    number = conversation.has_ticket().number
    built.tickets.resolve(number, "sam", AT)
    built.tickets.reopen(number, "customer", AT)
    text = conversation.say(ACTION, "status?", "ticket_status").text
    assert "within 24 hours during business days" in text and "2026" not in text


def test_what_is_said_of_the_way_back_is_what_happens(conversation: Conversation, built: Services) -> None:
    """Only a resolved ticket of this conversation is said to be reopened; for all others a new one is announced and begun."""
    number = conversation.has_ticket().number
    built.tickets.resolve(number, "sam", AT)
    here = conversation.id
    conversation.id = built.conversations.start(conversation.identity, AT).id
    assert "open a new ticket" in conversation.say(ACTION, "status?", "ticket_status").text
    assert conversation.say("action_reopen_ticket", "it is back", "reopen_ticket").followup == "ticket_form"
    conversation.id = here
    built.tickets.close(number, "sam", AT)
    assert "open a new ticket" in conversation.say(ACTION, "status?", "ticket_status").text
    assert conversation.say("action_reopen_ticket", "it is back", "reopen_ticket").followup == "ticket_form"


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


def test_without_a_ticket_the_rule_answers_when(conversation: Conversation) -> None:
    """A ticket that was sent by mail is not seen here; when it is answered at the latest, the policy tells all the same."""
    text = "My ticket from this morning, when is the latest it could be answered? Is there a reply yet?"
    clause = ("when is the latest it could be answered?", "ticket_status")
    said = conversation.say(ACTION, text, "ticket_status", segments=[("My ticket from this morning", "ticket_status"), clause])
    assert said.decisions == ["ticket"] and "24 hours during business days" in said.text
    assert "24 hours" not in conversation.say(ACTION, "how is my ticket?", "ticket_status").text


@pytest.mark.parametrize(("text", "answered"), [("and who receives them", True), ("has anyone answered?", False)])
def test_what_waits_for_no_ticket_goes_on_with_the_page(text: str, answered: bool, conversation: Conversation) -> None:
    """Behind an answer and without a ticket, what names no ticket and no answer goes on with the page that was shown."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    said = conversation.say(ACTION, text, "ticket_status")
    assert said.decisions == (["answer"] if answered else ["ticket"])


def test_what_stands_on_the_ticket_is_read_out(conversation: Conversation) -> None:
    """Who asks what was written there gets just that, also where it sounds most like asking how the ticket stands."""
    conversation.has_ticket()
    said = conversation.say(ACTION, "could I see what you wrote in there?", "ticket_status", confidence=0.3)
    assert said.decisions == ["ticket"] and "The import stops at row 12" in said.text
