from __future__ import annotations

import pytest

from actions.chat import TEXTS
from tests.actions.talk import Conversation

ACTION = "action_small_talk"

UNCLEAR = "action_handle_unclear"


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


def test_what_is_solved_is_good_to_hear(conversation: Conversation) -> None:
    """A short word, and nothing is on offer any more."""
    conversation.say("action_answer_question", "how many moons does jupiter have", "ask_feature", confidence=0.4)
    said = conversation.say("action_small_talk", "found it, works now", "solved")
    assert said.decisions == ["smalltalk"] and said.slots["pending_offer"] is None


def test_what_is_solved_reaches_the_ticket(conversation: Conversation) -> None:
    """The people who have the open ticket are told."""
    number = conversation.has_ticket().number
    said = conversation.say("action_small_talk", "found it, works now", "solved")
    assert said.decisions == ["ticket"] and number in said.text


@pytest.mark.parametrize(("confidence", "decision"), [(0.4, "answer"), (0.9, "smalltalk")])
def test_an_unsure_end_is_a_question_first(confidence: float, decision: str, conversation: Conversation) -> None:
    """What hardly sounds like the end of a talk is answered where a page does ("don't tell me to undo the import")."""
    said = conversation.say("action_small_talk", "got it, but undo the import fails", "solved", confidence=confidence)
    assert said.decisions == [decision]


def test_thinking_better_of_a_ticket_after_all(conversation: Conversation) -> None:
    """Whatever it sounds like, who wants the ticket after all gets it."""
    conversation.say("action_answer_question", "Where do I undo an import?", "ask_technical")
    said = conversation.say("action_small_talk", "hm that wasn't it. let's do the ticket after all", "cancel", confidence=0.3)
    assert said.followup == "ticket_form"


def test_thinking_better_of_a_ticket_that_was_not_declined(conversation: Conversation) -> None:
    """Who gave up the hand-off, which declines no offer, and asks for the ticket after all gets it; without "after all" filing
    is something else.
    """
    assert conversation.say(UNCLEAR, "argh, stuck again. do file it after all", "nlu_fallback").followup == "ticket_form"
    assert conversation.say("action_answer_question", "do file it after all", "ask_technical").followup == "ticket_form"
    assert conversation.say(UNCLEAR, "argh, stuck again. do file it", "nlu_fallback").followup is None


@pytest.mark.parametrize(("confidence", "decision"), [(0.3, "answer"), (0.9, "smalltalk")])
def test_coming_back_to_the_assistant_must_be_sure(confidence: float, decision: str, conversation: Conversation) -> None:
    """Within a talk, what only resembles "back to you, bot" is read as what it may tell of the matter."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    ranking = {"back_to_bot": confidence, "ask_billing": 0.25}
    text = "Been there. Where is the invoice of May?"
    assert conversation.say(ACTION, text, "back_to_bot", confidence=confidence, ranking=ranking).decisions == [decision]
