from __future__ import annotations

from collections.abc import Callable

from tests.actions.talk import Conversation, Said

Say = Callable[..., Said]
ACTION = "action_clarify_request"


def test_asks_back_with_at_most_three_choices(say: Say) -> None:
    """A message too vague to answer brings a question back and at most three choices."""
    said = say(ACTION, "help", "vague_problem")
    assert said.decisions == ["clarify"]
    assert 1 <= len(said.payloads) <= 3


def test_each_choice_brings_a_question_of_its_own(say: Say) -> None:
    """Pressing a choice brings a narrower question, a different one for each, and no further choices."""
    prompts = set()
    for payload in say(ACTION, "help", "vague_problem").payloads:
        pressed = say(ACTION, payload, "vague_problem")
        assert pressed.decisions == ["clarify"] and pressed.payloads == []
        prompts.add(pressed.text)
    assert len(prompts) == 3


def test_a_few_words_are_read_with_what_was_asked_back_about(conversation: Conversation) -> None:
    """What a few words do not find by themselves is found with what was asked back about, and only right behind it."""
    text = "my mate said duh"
    assert conversation.say("action_answer_question", text, "ask_billing").decisions == ["unknown"]
    conversation.say(ACTION, "download invoices as pdf", "vague_problem")
    said = conversation.say("action_answer_question", text, "ask_billing")
    assert said.decisions == ["answer"] and said.reply["citations"][0]["slug"] == "find-invoices"
    assert conversation.slots["asked_back"] is None


def test_a_bare_noun_behind_what_was_asked_back_is_the_matter(conversation: Conversation) -> None:
    """ "Invoices", told of what does not work, sounds like a channel and asks for none; put as a question it does."""
    conversation.say(ACTION, "it doesn't work", "vague_problem")
    assert conversation.say("action_state_policy", "invoices", "policy_channels").decisions == ["answer"]
    conversation.say(ACTION, "it doesn't work", "vague_problem")
    assert conversation.say("action_state_policy", "which ways to you are there?", "policy_channels").decisions == ["policy"]
