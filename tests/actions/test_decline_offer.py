from __future__ import annotations

from tests.actions.talk import Conversation


def test_a_no_drops_the_offer(conversation: Conversation) -> None:
    """After a no nothing is on offer any more, and a later yes begins no hand-off."""
    conversation.slots["pending_offer"] = "person"
    said = conversation.say("action_decline_offer", "no thanks", "deny")
    assert said.decisions == ["smalltalk"]
    assert conversation.slots["pending_offer"] is None
    assert conversation.say("action_take_up_offer", "yes", "affirm").followup is None
