"""Details that a customer adds to the ticket that is open already."""

from __future__ import annotations

from actions.composition import Services
from tests.actions.talk import Conversation

ACTION = "action_add_to_ticket"
DETAIL = "forgot to say, it fails in Safari as well"


def test_a_detail_goes_to_the_open_ticket(conversation: Conversation, built: Services) -> None:
    """What is told goes word for word to the people who have the ticket, and the reply names it."""
    number = conversation.has_ticket().number
    said = conversation.say(ACTION, DETAIL, "add_to_ticket")
    assert said.decisions == ["ticket"]
    assert number in said.reply["text"]
    assert DETAIL in [event.text for event in built.tickets.events(number)]


def test_without_a_ticket_it_is_a_message_like_any_other(conversation: Conversation) -> None:
    """Where no ticket is open nothing is noted, and nothing is said to have been."""
    said = conversation.say(ACTION, DETAIL, "add_to_ticket")
    assert "ticket" not in said.decisions
    assert conversation.tickets() == []


def test_an_unsure_question_that_a_page_answers_is_answered(conversation: Conversation) -> None:
    """ "Can I add a custom field?" may sound like a detail; where an article knows, it is no note for the team."""
    conversation.has_ticket()
    said = conversation.say(ACTION, "How do I import contacts from a CSV file?", "add_to_ticket", confidence=0.3)
    assert "ticket" not in said.decisions


def test_an_order_to_add_is_no_question(conversation: Conversation, built: Services) -> None:
    """Who tells us to put something on the ticket is obeyed, however unsure the intent and whatever page has these words."""
    number = conversation.has_ticket().number
    text = "Could you put on it that we undo the import of contacts ourselves?"
    assert conversation.say(ACTION, text, "add_to_ticket", confidence=0.4).decisions == ["ticket"]
    assert text in [event.text for event in built.tickets.events(number)]
