from __future__ import annotations

from tests.actions.talk import Conversation

ACTION = "action_next_passage"
QUESTION = "How do I change the address on our invoices?"


def test_another_page_comes_next_then_a_person(conversation: Conversation) -> None:
    """The first "didn't help" brings a page that was not shown yet, the second one the offer of a person."""
    first = conversation.say("action_answer_question", QUESTION, "ask_billing")
    second = conversation.say(ACTION, "that didn't help", "not_helpful")
    assert second.decisions == ["answer"]
    assert second.reply["citations"][0]["slug"] != first.reply["citations"][0]["slug"]
    third = conversation.say(ACTION, "still no use", "not_helpful")
    assert third.decisions == ["unknown"]
    assert third.payloads == ["I would like to talk to a person"]
    assert conversation.slots["pending_offer"] == "person"


def test_the_question_is_kept(conversation: Conversation) -> None:
    """What the talk is about stays the question, not the complaint, so that a ticket is about the question."""
    conversation.say("action_answer_question", QUESTION, "ask_billing")
    conversation.say(ACTION, "that didn't help", "not_helpful")
    assert conversation.slots["last_question"] == QUESTION
    assert conversation.slots["last_area"] == "billing"


def test_without_a_question_it_is_asked_what_it_is_about(conversation: Conversation) -> None:
    """A complaint out of the blue is the start of a talk, and is asked what it is about."""
    said = conversation.say(ACTION, "still not working", "not_helpful")
    assert said.decisions == ["clarify"] and said.reply["citations"] == []


def test_after_a_refusal_no_page_is_pushed(conversation: Conversation) -> None:
    """A customer who was declined and complains is not sent another page."""
    conversation.say("action_refuse_request", "Our office wifi drops", "outside_network")
    assert conversation.say(ACTION, "that didn't help", "not_helpful").decisions == ["unknown"]
