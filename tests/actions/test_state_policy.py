from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.composition import Services, install
from policy.document import TOPICS
from tests.actions.talk import AT, Conversation, Said

Say = Callable[..., Said]
ACTION = "action_state_policy"
QUESTION = "Tell me about that part of the policy please"


def _ask(say: Say, topic: str) -> Said:
    return say(ACTION, QUESTION, f"policy_{topic}")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_names_its_section(topic: str, say: Say, built: Services) -> None:
    """A statement of the policy names the section it comes from, by number and title, and the policy's version."""
    said = _ask(say, topic)
    section = built.policy.statements[topic].section
    assert said.decisions == ["policy"]
    assert said.reply["evidence"]["policy_section"] == section
    assert said.reply["evidence"]["policy_version"] == built.policy.version
    assert f"section {section}: {built.policy.section(section).title}" in said.text


def test_policy_is_no_answer_of_the_knowledge_base(say: Say) -> None:
    """A policy statement cites no article and has no area."""
    reply = _ask(say, "channels").reply
    assert reply["citations"] == [] and reply["area"] is None


def test_hours_say_how_things_stand_now(say: Say) -> None:
    """Asked for the hours while the team is on duty, the reply says so and until when, in the customer's time."""
    text = _ask(say, "hours").text
    assert "on duty now" in text
    assert "5 PM" in text or "17:00" in text


def test_hours_on_a_holiday_name_it(say: Say, built: Services) -> None:
    """On a public holiday of the customer's region the hours name the holiday and when the team is back."""
    install(replace(built, now=lambda: AT + timedelta(days=3)))
    text = _ask(say, "hours").text
    assert "May Day" in text or "Early May" in text
    assert "Tuesday" in text


def test_hours_of_an_unknown_region_claim_nothing_about_now(conversation: Conversation) -> None:
    """Without the customer's region nothing is said about how things stand now."""
    conversation.identity = replace(conversation.identity, region=None)
    text = conversation.say(ACTION, QUESTION, "policy_hours").text
    assert "right now" not in text and "on duty now" not in text


def test_priority_differs_by_plan(conversation: Conversation) -> None:
    """An Enterprise customer reads that priority support is theirs, all others that it comes with Enterprise."""
    texts = {}
    for plan in ("starter", "enterprise"):
        conversation.identity = replace(conversation.identity, plan=plan)
        texts[plan] = conversation.say(ACTION, QUESTION, "policy_priority").text
    assert texts["starter"] != texts["enterprise"]
    assert "Your plan includes it" in texts["enterprise"] and "Your plan includes it" not in texts["starter"]


def test_self_help_links_to_the_places_of_the_settings(say: Say, built: Services) -> None:
    """The self-help resources carry the addresses of this installation."""
    text = _ask(say, "self_help").text
    for address in (built.links.help, built.links.videos, built.links.community):
        assert f"]({address})" in text


def test_two_topics_are_both_stated(say: Say) -> None:
    """A message that asks for two topics gets both sections."""
    said = say(
        ACTION,
        "How fast do you answer and how can I reach you?",
        "policy_response_time",
        segments=[("How fast do you answer", "policy_response_time"), ("how can I reach you?", "policy_channels")],
    )
    assert [reply["evidence"]["policy_section"] for reply in said.replies] == [2, 1]


@pytest.mark.parametrize(
    ("before", "text", "topic"),
    [
        ("hours", "and on Sundays?", "hours"),
        ("response_time", "and for enterprise?", "priority"),
        ("channels", "and by mail?", "channels"),
        ("priority", "and professional", "priority"),
        ("escalation", "and how much faster, in hours", "response_time"),
        ("escalation", "who looks at it then", "escalation"),
    ],
)
def test_a_follow_up_stays_with_the_policy(before: str, text: str, topic: str, conversation: Conversation) -> None:
    """What leans on a statement of the policy means the topic that its words name; where it says nothing, the same again."""
    conversation.slots["last_topic"] = f"policy_{before}"
    said = conversation.say("action_answer_question", text, "follow_up")
    assert said.decisions == ["policy"]
    assert said.reply["evidence"]["policy_topic"] == topic


@pytest.mark.parametrize(
    ("text", "intent"),
    [("How do I import contacts from a CSV file?", "ask_technical"), ("and how do I import contacts by mail?", "follow_up")],
)
def test_a_new_question_leaves_the_policy(text: str, intent: str, conversation: Conversation) -> None:
    """What the help centre knows better is answered from there, though it follows on the policy and has a word of it."""
    conversation.slots["last_topic"] = "policy_hours"
    assert conversation.say("action_answer_question", text, intent).decisions == ["answer"]


def test_a_grunt_brings_no_policy_again(conversation: Conversation) -> None:
    """What neither asks nor says anything does not have the policy repeated."""
    conversation.slots["last_topic"] = "policy_hours"
    assert "policy" not in conversation.say("action_handle_unclear", "hmm", "nlu_fallback", ranking={"thank": 0.1}).decisions


def test_where_to_ask_about_it_is_told_by_its_own_statement(say: Say) -> None:
    """ "Where do I ask about it?" behind priority support means the address that belongs to it, not that of all support."""
    _ask(say, "priority")
    assert "enterprise@piperocks.com" in say(ACTION, "ok where do I ask about it", "policy_channels", confidence=0.45).text


def test_what_no_page_answers_and_sounds_like_the_policy_is_answered_from_it(say: Say) -> None:
    """Where the search finds nothing, a fair share for the policy brings its words; a trace does not."""
    text, likely = "zeppelins will not be left hanging, will they", {"ask_feature": 0.5, "policy_response_time": 0.2}
    assert say("action_answer_question", text, "ask_feature", ranking=likely).decisions == ["policy"]
    unlikely = {"ask_feature": 0.5, "policy_response_time": 0.1}
    assert say("action_answer_question", text, "ask_feature", ranking=unlikely).decisions == ["unknown"]


def test_who_asks_how_a_case_moves_up_is_offered_a_person(conversation: Conversation) -> None:
    """The steps come with the way to a person, and "do that please" with details takes it."""
    said = conversation.say(ACTION, QUESTION, "policy_escalation")
    assert [button["title"] for button in said.reply["buttons"]] == ["Talk to a person"]
    text = "Do that please. It is every payment since the third."
    clauses = [("Do that please.", "affirm", 0.96), ("It is every payment since the third.", "ask_billing", 0.9)]
    assert conversation.say("action_answer_question", text, "ask_billing", segments=clauses).followup == "ticket_form"


def test_figures_alone_may_ask_for_the_hours(say: Say) -> None:
    """ "24/7?" has no word and is plain all the same; figures that mean nothing are asked back about."""
    assert say(ACTION, "24/7?", "policy_hours").decisions == ["policy"]
    assert say(ACTION, "24/7?", "policy_hours", confidence=0.2).decisions == ["clarify"]


@pytest.mark.parametrize(
    ("text", "both"),
    [("Put a number on it: how many hours is expedited?", True), ("Put a number on it: how long does it take?", False)],
)
def test_a_topic_that_is_named_is_stated_as_well(say: Say, text: str, both: bool) -> None:
    """Of a less likely topic the statement is added where a word of it stands in the message."""
    ranking = {"policy_response_time": 0.65, "policy_priority": 0.25}
    said = say(ACTION, text, "policy_response_time", confidence=0.65, ranking=ranking)
    assert "24 hours" in said.text and ("Priority support" in said.text) is both


def test_the_reply_names_the_topic_it_states(say: Say) -> None:
    """Whatever the message sounded most like, a statement of the policy is recorded under its own topic."""
    ranking = {"request_human": 0.45, "policy_priority": 0.4}
    said = say("action_start_handoff", "can I get a dedicated contact?", "request_human", confidence=0.45, ranking=ranking)
    assert said.reply["intent"] == {"name": "policy_priority", "confidence": 0.4}


def test_a_topic_that_only_a_clause_names_keeps_its_confidence(say: Say) -> None:
    """What the classifier gave the topic is told: that of the clause which asks for it; none where it was only read so."""
    text, asks = "Where do I find my invoices? And when are you open?", "And when are you open?"
    clauses = [("Where do I find my invoices?", "ask_billing"), (asks, "policy_hours", 0.8)]
    said = say("action_answer_question", text, "ask_billing", segments=clauses)
    assert said.replies[1]["intent"] == {"name": "policy_hours", "confidence": 0.8}
    assert say("action_answer_question", "and on Sundays?", "follow_up").reply["intent"] == {
        "name": "policy_hours",
        "confidence": 0.0,
    }
