from __future__ import annotations

from dataclasses import replace

from tests.actions.talk import Conversation

ACTION = "action_greet"


def test_greets_by_first_name(conversation: Conversation) -> None:
    """A greeting greets back by the verified first name."""
    said = conversation.say(ACTION, "hello", "greet")
    assert said.decisions == ["smalltalk"]
    assert "Hello Ada" in said.text


def test_greets_without_a_name(conversation: Conversation) -> None:
    """Somebody whose name is not known is greeted without one."""
    conversation.identity = replace(conversation.identity, name=None)
    assert conversation.say(ACTION, "hello", "greet").text.startswith("Hello")


def test_a_greeting_with_a_question_is_answered(conversation: Conversation) -> None:
    """Whoever greets and asks gets the answer, not a greeting alone."""
    said = conversation.say(
        ACTION,
        "Good morning to you! Where do I find my invoices?",
        "greet",
        segments=[("Good morning to you!", "greet"), ("Where do I find my invoices?", "ask_billing")],
    )
    assert said.decisions == ["answer"]
    assert said.reply["citations"][0]["slug"] == "find-invoices"


def test_a_greeting_with_two_questions_gets_both(conversation: Conversation) -> None:
    """A greeting with two questions brings both answers."""
    said = conversation.say(
        ACTION,
        "Hello there! Where do I find my invoices? What are your hours?",
        "greet",
        segments=[
            ("Hello there!", "greet"),
            ("Where do I find my invoices?", "ask_billing"),
            ("What are your hours?", "policy_hours"),
        ],
    )
    assert said.decisions == ["answer", "policy"]
