from __future__ import annotations

import pytest

from tests.actions.talk import Conversation

ACTION = "action_take_up_offer"


def test_yes_to_the_offer_of_a_person_begins_the_hand_off(conversation: Conversation) -> None:
    """A yes after the offer of a person begins the hand-off with the question that the talk was about."""
    conversation.say("action_answer_question", "how many moons does jupiter have", "ask_feature", confidence=0.4)
    said = conversation.say(ACTION, "yes please", "affirm")
    assert said.followup == "ticket_form"
    assert said.slots["ticket_summary"] == "how many moons does jupiter have"
    assert said.slots["pending_offer"] is None


@pytest.mark.parametrize("yes", ["yes, go ahead", "sounds good", "sure, please do"])
def test_a_yes_in_more_words_is_no_matter(yes: str, conversation: Conversation) -> None:
    """However a yes is worded, it does not become what the ticket is about: that is asked."""
    conversation.say("action_show_ticket", "how is my ticket?", "ticket_status")
    said = conversation.say(ACTION, yes, "affirm")
    assert said.followup == "ticket_form" and said.slots["ticket_summary"] is None


def test_yes_to_an_insisted_refusal_marks_the_ticket(conversation: Conversation) -> None:
    """A yes after an insisted refusal begins a hand-off that carries the refusal's class."""
    for _ in range(2):
        conversation.say("action_refuse_request", "Our office wifi drops", "outside_network")
    said = conversation.say(ACTION, "yes", "affirm")
    assert said.followup == "ticket_form"
    assert said.slots["ticket_refusal"] == "network"


def test_yes_with_an_open_ticket_collects_nothing(conversation: Conversation) -> None:
    """Who has an open ticket is shown it: what a second hand-off would collect could go nowhere."""
    number = conversation.has_ticket().number
    conversation.say("action_answer_question", "how many moons does jupiter have", "ask_feature", confidence=0.4)
    said = conversation.say(ACTION, "yes please", "affirm")
    assert said.followup is None and said.decisions == ["ticket"]
    assert said.reply["ticket"]["number"] == number


@pytest.mark.parametrize(
    ("action", "text", "intent"),
    [
        ("action_clarify_request", "it is broken", "vague_problem"),
        ("action_clarify_request", "Something in PipeRocks doesn't work", "vague_problem"),
        ("action_answer_question", "?!", "ask_feature"),
    ],
)
def test_yes_to_a_question_back_is_no_yes_to_the_offer_before(
    action: str, text: str, intent: str, conversation: Conversation
) -> None:
    """A person who was offered earlier is off the table once something else was asked."""
    conversation.say("action_answer_question", "how many moons does jupiter have", "ask_feature", confidence=0.4)
    assert conversation.slots["pending_offer"] == "person"
    assert conversation.say(action, text, intent).decisions == ["clarify"]
    assert conversation.say(ACTION, "yes", "affirm").followup is None


def test_yes_to_several_choices_asks_which_in_changing_words(conversation: Conversation) -> None:
    """A yes to several choices asks which of them is meant, and a second yes hears other words with the same choices."""
    offered = conversation.say("action_clarify_request", "help", "vague_problem").payloads
    first, second = (conversation.say(ACTION, "yes", "affirm") for _ in range(2))
    assert first.payloads == second.payloads == offered and first.text != second.text


def test_yes_to_nothing_asks_back(conversation: Conversation) -> None:
    """A yes with nothing on offer opens nothing."""
    said = conversation.say(ACTION, "yes", "affirm")
    assert said.decisions == ["smalltalk"] and said.followup is None


def test_a_yes_that_sends_begins_the_hand_off_of_what_was_asked(conversation: Conversation) -> None:
    """ "YES send it" with nothing on offer can only mean what was asked before; with nothing before it means nothing."""
    assert conversation.say(ACTION, "YES send it", "affirm").decisions == ["smalltalk"]
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    assert conversation.say(ACTION, "YES send it", "affirm").followup == "ticket_form"
    conversation.slots["requested_slot"] = None
    assert conversation.say("action_handle_unclear", "report it then", "nlu_fallback").followup == "ticket_form"


def test_a_yes_on_second_thought_takes_the_no_back(conversation: Conversation) -> None:
    """Who cancelled the hand-off and thinks better of it gets it; a plain yes then means nothing."""
    conversation.slots["declined_offer"] = "person"
    assert conversation.say(ACTION, "yes", "affirm").followup is None
    assert conversation.say(ACTION, "on second thought yes, I do need one", "affirm").followup == "ticket_form"


def test_an_ok_behind_the_steps_of_escalation_is_only_an_ok(conversation: Conversation) -> None:
    """The way to a person stands under the steps as a button; an "ok" that takes note of them begins no hand-off."""
    told = conversation.say("action_state_policy", "how does a case move up", "policy_escalation")
    assert told.decisions == ["policy"] and "I would like to talk to a person" in told.payloads
    assert conversation.say(ACTION, "ok", "affirm").followup is None


@pytest.mark.parametrize(("text", "decision"), [("yes please send", "ticket"), ("go ahead", "ticket"), ("ok great", "smalltalk")])
def test_a_yes_behind_the_ticket_is_told_that_it_is_sent(text: str, decision: str, conversation: Conversation) -> None:
    """Who confirms once more hears that the ticket is there, with its promise; who only takes note gets a word back."""
    number = conversation.has_ticket().number
    conversation.say("action_show_ticket", "how is my ticket", "ticket_status")
    said = conversation.say(ACTION, text, "affirm")
    assert said.decisions == [decision] and (number in said.text) is (decision == "ticket")
