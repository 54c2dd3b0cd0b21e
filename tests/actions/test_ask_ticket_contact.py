from __future__ import annotations

from tests.actions.talk import Conversation

ACTION = "action_ask_ticket_contact"


def test_it_asks_for_an_address_in_changing_words(conversation: Conversation) -> None:
    """Each of the first three times the address is asked for in other words, and every time it says what will do."""
    said = [conversation.say(ACTION, "hm", "nlu_fallback") for _ in range(3)]
    assert len({each.text for each in said}) == 3
    assert all(each.decisions == ["collect"] and "reach you" in each.text for each in said)
