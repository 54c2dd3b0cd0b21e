from __future__ import annotations

from tests.actions.talk import Conversation

ACTION = "action_ask_ticket_summary"


def test_it_asks_for_the_matter_in_changing_words(conversation: Conversation) -> None:
    """The question for the matter is part of the collecting, and asked again it reads differently."""
    first, second = (conversation.say(ACTION, "human", "request_human") for _ in range(2))
    assert first.decisions == second.decisions == ["collect"] and first.text != second.text
