from __future__ import annotations

from tests.actions.talk import Conversation

ACTION = "action_ask_ticket_confirm"
FACTS = {"ticket_summary": "The import stops at row 12", "ticket_impact": "several", "ticket_contact": "ada@example.org"}


def test_shows_all_that_will_be_sent(conversation: Conversation) -> None:
    """Before a ticket is opened the customer reads every fact of it and can say yes or cancel by a button."""
    conversation.slots.update(FACTS, ticket_area="technical")
    said = conversation.say(ACTION, "ada@example.org", "inform_contact")
    assert said.decisions == ["collect"]
    assert all(fact in said.text for fact in ("The import stops at row 12", "several people", "ada@example.org"))
    assert said.payloads == ["Yes, open the ticket", "No, cancel the ticket"]
    assert said.reply["area"] == "technical"
    assert said.slots == {}


def test_a_likely_refusal_is_said_beforehand(conversation: Conversation) -> None:
    """Where the request looks like one that is declined, the customer reads so before the ticket is opened."""
    conversation.slots.update(FACTS, ticket_refusal="network")
    assert "decline" in conversation.say(ACTION, "x", "inform_contact").text


def test_a_long_story_is_shortened(conversation: Conversation) -> None:
    """A long request is shown in short and on one line; the slot keeps all of it."""
    story = "It fails.\n" * 100
    conversation.slots.update(FACTS, ticket_summary=story)
    said = conversation.say(ACTION, "x", "inform_contact")
    assert len(said.text) < 700 and "..." in said.text
    assert conversation.slots["ticket_summary"] == story
