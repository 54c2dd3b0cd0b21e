from __future__ import annotations

from actions.handoff import IMPACT_BUTTONS
from tests.actions.talk import Conversation

ACTION = "action_ask_ticket_impact"


def test_it_offers_the_three_answers(conversation: Conversation) -> None:
    """Who is affected is asked with the three answers as buttons, in other words when asked again."""
    first, second = (conversation.say(ACTION, "hm", "nlu_fallback") for _ in range(2))
    assert first.payloads == second.payloads == [button.payload for button in IMPACT_BUTTONS]
    assert first.text != second.text
