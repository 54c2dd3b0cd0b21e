from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from actions.composition import Services, install
from actions.second_look import SURE, WORTH_NAMING
from index.knowledge_base import KnowledgeBase, SearchResult
from tests.actions.talk import Conversation

ANSWER = "action_answer_question"
PERSON = "I would like to talk to a person"


class Searching:
    """The small help centre, with the confidence set for each text that is searched for; the others are found as they are."""

    def __init__(self, knowledge: KnowledgeBase, set_to: Mapping[str, float]) -> None:
        self._knowledge, self._set_to = knowledge, set_to

    def search(self, query: str, top: int = 10, *, context: str | None = None) -> SearchResult:
        """What is found; joined with the question before it, nothing answers."""
        found = self._knowledge.search(query, top, context=context)
        confidence = 0.0 if context else self._set_to.get(query, found.confidence)
        return replace(found, confidence=confidence, answerable=confidence >= 0.3)

    def article(self, slug: str) -> object:
        """As it is."""
        return self._knowledge.article(slug)


def searching(built: Services, **set_to: float) -> None:
    """Install a search with these confidences."""
    install(replace(built, knowledge=Searching(built.knowledge, set_to)))  # type: ignore[arg-type]


UNDO, SLACK = "Where do I undo an import?", "and connect Slack with it?"


def test_a_sure_question_is_answered_by_itself(built: Services, conversation: Conversation) -> None:
    """What seems to lean on the question before it and finds nothing with it is answered by itself where that is sure, as the
    start of something new.
    """
    searching(built, **{SLACK: SURE})
    conversation.say(ANSWER, UNDO, "ask_technical")
    said = conversation.say(ANSWER, SLACK, "ask_feature")
    assert said.decisions == ["answer"] and said.reply["citations"][0]["slug"] == "integration-slack"
    assert said.slots["last_question"] == SLACK and said.slots["shown"] == ["integration-slack#connect-a-workspace"]


@pytest.mark.parametrize(("intent", "confidence"), [("ask_feature", SURE - 0.01), ("follow_up", SURE)])
def test_else_the_nearest_pages_are_named(intent: str, confidence: float, built: Services, conversation: Conversation) -> None:
    """Less sure, or a follow-up by its intent: it is asked which page is meant, two at most, and a person stays at hand."""
    searching(built, **{SLACK: confidence})
    conversation.say(ANSWER, UNDO, "ask_technical")
    said = conversation.say(ANSWER, SLACK, intent)
    assert said.decisions == ["clarify"] and "Connect Slack" in said.payloads
    assert said.payloads[-1] == PERSON and len(said.payloads) <= 3


def test_a_page_that_was_shown_is_not_named_again(built: Services, conversation: Conversation) -> None:
    """The page that the talk is on did not answer: it is no choice."""
    text = "and undo it twice?"
    searching(built, **{text: WORTH_NAMING})
    conversation.say(ANSWER, UNDO, "ask_technical")
    assert "Undo an import of contacts" not in conversation.say(ANSWER, text, "ask_technical").payloads


def test_what_stands_by_itself_is_unknown_with_the_nearest_pages(built: Services, conversation: Conversation) -> None:
    """A first message that no page answers surely is not covered: a person is offered, and the nearest pages are named."""
    text = "Does Slack connect with the weather?"
    searching(built, **{text: WORTH_NAMING})
    said = conversation.say(ANSWER, text, "ask_feature")
    assert said.decisions == ["unknown"] and "Connect Slack" in said.payloads and said.payloads[-1] == PERSON
    assert said.slots["pending_offer"] == "person"


def test_far_pages_are_not_named(built: Services, conversation: Conversation) -> None:
    """Below the bound nothing is near: that is said, and a person is offered."""
    text = "Does Slack connect with the weather?"
    searching(built, **{text: WORTH_NAMING - 0.01})
    assert conversation.say(ANSWER, text, "ask_feature").payloads == [PERSON]


def test_a_question_that_finds_nothing_by_itself_is_read_with_the_one_before(built: Services, conversation: Conversation) -> None:
    """The page that is talked about answers it by another section, where the question before it is joined."""
    text = "what about contacts that somebody edited after the import of them"
    searching(built, **{text: 0.0, f"{UNDO} {text}": 0.9})
    conversation.say(ANSWER, UNDO, "ask_technical")
    said = conversation.say(ANSWER, f"{text}", "ask_technical")
    assert said.decisions == ["answer"] and said.reply["citations"][0]["slug"] == "undo-an-import"


def test_searches_that_are_equally_sure_both_count(built: Services, conversation: Conversation) -> None:
    """The best page of each is named, though neither is surer than the other."""
    text = "and about Slack or a firewall?"
    first, second = (built.knowledge.search(query) for query in ("connect slack", "firewall allow list"))

    class Equal:
        def search(self, query: str, top: int = 10, *, context: str | None = None) -> SearchResult:
            return replace(first if context else second, confidence=0.2, answerable=False)

        article = built.knowledge.article

    conversation.say(ANSWER, UNDO, "ask_technical")
    install(replace(built, knowledge=Equal()))  # type: ignore[arg-type]
    assert {"Connect Slack", "Domains to allow in a firewall"} <= set(conversation.say(ANSWER, text, "follow_up").payloads)


def test_the_question_at_the_end_is_looked_for_by_itself(conversation: Conversation) -> None:
    """A story before the question hides its answer from the search; the question alone is found. Without one, nothing is."""
    story = "my grandson painted purple elephants dancing tango over breakfast"
    said = conversation.say("action_answer_question", f"{story}, where do I find my invoices", "ask_billing", confidence=0.5)
    assert said.decisions == ["answer"] and said.reply["citations"][0]["slug"] == "find-invoices"
    assert conversation.say("action_answer_question", story, "ask_billing", confidence=0.5).decisions == ["unknown"]


def test_what_surely_is_of_support_needs_few_words(built: Services, conversation: Conversation) -> None:
    """ "And how do I get to the newest?" has one word of its own, and yet is answered where it surely is a question of ours."""
    text = "and how do I undo it?"
    searching(built, **{text: SURE})
    conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    assert conversation.say(ANSWER, text, "ask_technical", confidence=0.95).decisions == ["answer"]
    conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    assert conversation.say(ANSWER, text, "ask_technical", confidence=0.85).decisions != ["answer"]


def test_what_surely_is_of_support_does_not_press_on_with_the_policy(built: Services, conversation: Conversation) -> None:
    """Behind a statement of the policy, a question that surely is of ours is looked for by itself first."""
    text = "and how do I undo it?"
    searching(built, **{text: SURE})
    for sure, decision in ((0.95, "answer"), (0.85, "policy")):
        conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
        conversation.say("action_state_policy", "which versions do you support?", "policy_versions")
        assert conversation.say(ANSWER, text, "ask_technical", confidence=sure).decisions == [decision]
