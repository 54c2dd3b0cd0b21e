from __future__ import annotations

from collections.abc import Callable

from tests.actions.talk import Said

Say = Callable[..., Said]


def test_says_in_which_language_help_is_given(say: Say) -> None:
    """Another language brings the word that help is in English, and the offer of a person who reads the message as it is."""
    said = say("action_answer_language", "Wo finde ich meine Rechnungen?", "other_language")
    assert said.decisions == ["clarify"]
    assert "English" in said.text
    assert said.payloads == ["I would like to talk to a person"]
    assert said.slots == {"last_question": "Wo finde ich meine Rechnungen?", "pending_offer": "person"}
