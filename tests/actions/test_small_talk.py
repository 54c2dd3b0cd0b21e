from __future__ import annotations

import pytest

from actions.chat import TEXTS
from tests.actions.talk import Conversation

ACTION = "action_small_talk"


@pytest.mark.parametrize("intent", sorted(TEXTS))
def test_two_in_a_row_never_read_the_same(intent: str, conversation: Conversation) -> None:
    """The same small talk twice gets two wordings, whatever the messages' ids."""
    first, second = (conversation.say(ACTION, "well", intent).text for _ in range(2))
    assert first in TEXTS[intent] and second in TEXTS[intent] and first != second


def test_a_question_beside_the_thanks_is_answered(conversation: Conversation) -> None:
    """Thanks with a question bring the answer and no word of courtesy beside it."""
    said = conversation.say(
        ACTION, "Thanks! Where do I find my invoices?", "thank", segments=[("Where do I find my invoices?", "ask_billing")]
    )
    assert said.decisions == ["answer"]


def test_abuse_brings_the_offer_of_a_person(conversation: Conversation) -> None:
    """Abuse is met politely, with a person on offer that a yes takes up."""
    said = conversation.say(ACTION, "you fools", "abuse")
    assert said.payloads == ["I would like to talk to a person"]
    assert conversation.say("action_take_up_offer", "yes", "affirm").followup == "ticket_form"


def test_cancelling_nothing_takes_offers_off_the_table(conversation: Conversation) -> None:
    """ "Never mind" outside a hand-off drops what was on offer and speaks of no ticket."""
    conversation.slots["pending_offer"] = "person"
    said = conversation.say(ACTION, "never mind", "cancel")
    assert said.decisions == ["smalltalk"] and said.slots["pending_offer"] is None and "ticket" not in said.text


def test_cancelling_an_open_ticket_leaves_the_team_a_note(conversation: Conversation) -> None:
    """Who no longer needs an open ticket is told that it stays with the team, and the team reads the words."""
    ticket = conversation.has_ticket()
    said = conversation.say(ACTION, "leave the ticket, I solved it", "cancel")
    assert said.decisions == ["ticket"] and ticket.number in said.text
    assert conversation.built.tickets.events(ticket.number)[-1].text == "leave the ticket, I solved it"


def test_a_question_that_was_read_as_cancelling_is_answered(conversation: Conversation) -> None:
    """ "Can I ...?" is a question even where the classifier hears a wish to stop."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    said = conversation.say(ACTION, "and who receives them?", "cancel")
    assert said.decisions[0] in ("answer", "unknown")


def test_cancelling_the_subscription_is_a_question(conversation: Conversation) -> None:
    """ "Want to cancel. The subscription, not a ticket" is no word on the talk: it is answered, or honestly not."""
    said = conversation.say(ACTION, "Want to cancel. The subscription, not a ticket.", "cancel")
    assert said.decisions in (["answer"], ["unknown"])
    for text in ("never mind, my plan is fine", "cancel that, my plan works again"):
        assert conversation.say(ACTION, text, "cancel").decisions == ["smalltalk"]
