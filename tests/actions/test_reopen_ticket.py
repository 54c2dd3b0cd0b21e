from __future__ import annotations

from actions.composition import Services
from tests.actions.talk import AT, Conversation

ACTION = "action_reopen_ticket"
BACK = "the problem is back"


def test_reopens_the_resolved_ticket(conversation: Conversation, built: Services) -> None:
    """A resolved ticket is reopened under its own number."""
    number = conversation.has_ticket().number
    built.tickets.resolve(number, "sam", AT)
    said = conversation.say(ACTION, BACK, "reopen_ticket")
    assert said.decisions == ["ticket"]
    assert said.reply["ticket"]["number"] == number
    assert said.reply["ticket"]["status"] == "reopened"
    assert len(conversation.tickets()) == 1


def test_an_open_ticket_is_shown(conversation: Conversation) -> None:
    """A ticket that is still open is shown and stays as it is."""
    conversation.has_ticket()
    assert conversation.say(ACTION, BACK, "reopen_ticket").reply["ticket"]["status"] == "new"


def test_without_a_ticket_a_new_one_is_begun(conversation: Conversation) -> None:
    """Where there is nothing to reopen the hand-off begins."""
    assert conversation.say(ACTION, BACK, "reopen_ticket").followup == "ticket_form"


def test_a_closed_ticket_stays_closed(conversation: Conversation, built: Services) -> None:
    """A ticket that was put away is not reopened by a message; a new hand-off begins."""
    number = conversation.has_ticket().number
    built.tickets.resolve(number, "sam", AT)
    built.tickets.close(number, "sam", AT)
    assert conversation.say(ACTION, BACK, "reopen_ticket").followup == "ticket_form"
    assert built.tickets.get(number).status == "closed"
