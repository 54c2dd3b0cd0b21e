from __future__ import annotations

import pytest

from tests.actions.talk import Conversation

ANSWER, STATE = "action_answer_question", "action_state_policy"


@pytest.mark.parametrize(
    ("before", "text", "intent", "topic"),
    [
        ("policy_versions", "and 5?", "follow_up", "versions"),
        ("policy_versions", "we are on 6", "ask_technical", "versions"),
        ("policy_channels", "Signal?", "ask_integration", "channels"),
        ("policy_priority", "how would I reach them", "policy_channels", "priority"),
    ],
)
def test_few_words_go_on_with_the_policy(before: str, text: str, intent: str, topic: str, conversation: Conversation) -> None:
    """Right after a statement of the policy, a bare figure is a version, a messenger a channel, and "them" the people named."""
    conversation.say(STATE, "tell me", before)
    apps = {"Signal": False} if "Signal" in text else None
    said = conversation.say(ANSWER, text, intent, applications=apps)
    assert said.decisions == ["policy"] and said.slots["last_topic"] == f"policy_{topic}"


def test_until_when_is_no_goodbye(conversation: Conversation) -> None:
    """It goes on with the policy that was stated, whatever it sounds like."""
    conversation.say(STATE, "is 6 still supported", "policy_versions")
    assert conversation.say("action_small_talk", "until when exactly", "goodbye", confidence=0.5).decisions == ["policy"]


def test_a_question_that_nothing_answers_stays_on_the_policy(conversation: Conversation) -> None:
    """Who presses for more than the policy says is told once more what it says, not that no page was found."""
    conversation.say(STATE, "how fast is expedited", "policy_priority")
    said = conversation.say("action_handle_unclear", "give me a rough guess, off the record", "nlu_fallback")
    assert said.decisions == ["policy"] and said.slots["last_topic"] == "policy_priority"


@pytest.mark.parametrize(("intent", "confidence"), [("nlu_fallback", 0.9), ("ask_feature", 0.3)])
def test_what_is_told_behind_a_question_does_not_hide_it(intent: str, confidence: float, conversation: Conversation) -> None:
    """However unsure the message is as a whole, the question that it opens with goes on with the policy."""
    conversation.say(STATE, "what don't you do for us", "policy_limitations")
    text = "Has that changed, my colleague remembers it otherwise"
    said = conversation.say("action_handle_unclear", text, intent, confidence=confidence)
    assert said.decisions == ["policy"] and said.slots["last_topic"] == "policy_changes"
