from __future__ import annotations

from tests.actions.talk import Conversation


def test_a_no_drops_the_offer(conversation: Conversation) -> None:
    """After a no nothing is on offer any more, and a later yes begins no hand-off."""
    conversation.slots["pending_offer"] = "person"
    said = conversation.say("action_decline_offer", "no thanks", "deny")
    assert said.decisions == ["smalltalk"]
    assert conversation.slots["pending_offer"] is None
    assert conversation.say("action_take_up_offer", "yes", "affirm").followup is None


def test_a_no_to_a_passage_says_that_it_did_not_help(conversation: Conversation) -> None:
    """ "Nope" right behind a passage brings the next one or the offer of a person; behind other words it is a plain no."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    assert conversation.say("action_decline_offer", "nope", "deny").decisions in (["answer"], ["unknown"])
    conversation.slots["pending_offer"] = None
    conversation.say("action_small_talk", "thanks", "thank")
    assert conversation.say("action_decline_offer", "nope", "deny").decisions == ["smalltalk"]
