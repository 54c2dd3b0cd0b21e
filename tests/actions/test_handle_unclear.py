from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.composition import Services, install
from actions.handle_unclear import WORTH_ASKING
from tests.actions.talk import Conversation, Said

Say = Callable[..., Said]
ACTION = "action_handle_unclear"
LOW = {"nlu_fallback": 0.6, "ask_billing": 0.2, "ask_technical": 0.1}


def _unclear(say: Say, text: str, **more: object) -> Said:
    return say(ACTION, text, "nlu_fallback", confidence=0.6, **{"ranking": LOW, **more})


def test_the_help_centre_may_still_know(say: Say) -> None:
    """A message that no intent fits is answered where the knowledge base covers it."""
    said = _unclear(say, "Where do I find my invoices?")
    assert said.decisions == ["answer"]
    assert said.reply["citations"][0]["slug"] == "find-invoices"


def test_nothing_found_is_admitted(say: Say) -> None:
    """Where neither intents nor index know anything, the reply is an honest unknown with the offer of a person."""
    said = _unclear(say, "purple elephants dancing tango")
    assert said.decisions == ["unknown"]
    assert said.reply["citations"] == []
    assert said.payloads == ["I would like to talk to a person"]


def test_what_is_more_likely_outside_is_declined(say: Say) -> None:
    """Where the refusals together outweigh everything else, the message is declined as the likeliest of them."""
    ranking = {"nlu_fallback": 0.5, "outside_off_topic": 0.5, "outside_network": 0.3, "ask_feature": 0.1}
    said = _unclear(say, "purple elephants dancing tango", ranking=ranking)
    assert said.decisions == ["refuse"]
    assert said.reply["refusal"] == "off_topic"


def test_a_clear_clause_is_answered(say: Say) -> None:
    """A message that is unclear as a whole but holds a clear question gets that question answered."""
    clauses = [("Blah blah.", "nlu_fallback"), ("What are your hours?", "policy_hours")]
    said = _unclear(say, "Blah blah. What are your hours?", segments=clauses)
    assert said.decisions == ["policy"]


@pytest.mark.parametrize(("confidence", "titles"), [(WORTH_ASKING, 2), (WORTH_ASKING - 0.01, 0)])
def test_at_most_three_choices(confidence: float, titles: int, say: Say, built: Services) -> None:
    """Pages that may be meant are offered by their titles, two at most and a person; pages that are too far off are not."""

    class Unsure:
        def search(self, query: str, top: int = 10, *, context: str | None = None) -> object:
            return replace(built.knowledge.search("address of invoices", top), answerable=False, confidence=confidence)

    install(replace(built, knowledge=Unsure()))  # type: ignore[arg-type]
    said = _unclear(say, "purple addresses dancing tango")
    assert said.decisions == ["clarify" if titles else "unknown"]
    assert len(said.payloads) == titles + 1 and said.payloads[-1] == "I would like to talk to a person"


def test_a_wish_for_a_person_is_understood(say: Say) -> None:
    """Where the likeliest intent is the wish for a person, the hand-off begins rather than a guess."""
    said = _unclear(say, "hooman plz", ranking={"nlu_fallback": 0.6, "request_human": 0.3, "ask_billing": 0.1})
    assert said.followup == "ticket_form"


def test_an_honest_no_knows_the_area(say: Say) -> None:
    """Where nothing is found, the area that the message most likely is about goes along for the team."""
    ranking = {"ask_billing": 0.3, "ask_feature": 0.1}
    reply = say(ACTION, "zzz qqq xxyzzy", "nlu_fallback", confidence=0.9, ranking=ranking).reply
    assert (reply["decision"], reply["area"]) == ("unknown", "billing")


def test_not_believing_the_policy_brings_it_once_more(conversation: Conversation) -> None:
    """ "There must be a number" behind the channels states the channels; behind nothing it is not understood."""
    text = "there must be a number"
    assert conversation.say(ACTION, text, "nlu_fallback", ranking=LOW, confidence=0.6).decisions != ["policy"]
    conversation.say("action_state_policy", "what is your phone number", "policy_channels")
    said = conversation.say(ACTION, text, "nlu_fallback", ranking={**LOW, "policy_channels": 0.15}, confidence=0.6)
    assert said.decisions == ["policy"] and "help@piperocks.com" in said.text


def test_what_names_the_topic_of_the_policy_goes_on_with_it(conversation: Conversation) -> None:
    """ "Until when for the older of the two?" behind the versions is about them, though its words are many."""
    conversation.say("action_state_policy", "which versions do you support", "policy_versions")
    text = "until when for the older one of those two then?"
    said = conversation.say(ACTION, text, "nlu_fallback", ranking={**LOW, "policy_versions": 0.19}, confidence=0.6)
    assert said.decisions == ["policy"] and "31 December 2026" in said.text


def test_whom_it_affects_told_of_the_matter_before(conversation: Conversation) -> None:
    """It is kept for a ticket, a person is offered, and the matter is not asked for as if none had been told."""
    conversation.say("action_answer_question", "Where do I undo an import?", "ask_technical")
    said = conversation.say("action_handle_unclear", "all twelve of us, yes", "inform_impact")
    assert said.decisions == ["clarify"] and said.slots["pending_offer"] == "person"
    assert conversation.say("action_start_handoff", "human please", "request_human").slots["ticket_impact"] is not None


def test_what_hardly_sounds_like_a_wish_is_asked_about(conversation: Conversation) -> None:
    """ "Quick one" opens a talk and wishes for nobody; within a talk the same words on what nothing answers lead to a person."""
    ranking = {"nlu_fallback": 0.8, "request_human": 0.18}
    assert _unclear(conversation.say, "zorp blub", ranking=ranking).decisions == ["clarify"]
    conversation.slots["last_question"] = "Where do I find my invoices?"
    assert _unclear(conversation.say, "zorp blub", ranking=ranking).followup == "ticket_form"
