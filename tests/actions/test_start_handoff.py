from __future__ import annotations

from dataclasses import replace

import pytest

from actions.composition import Services
from tests.actions.talk import AT, Conversation

ACTION = "action_start_handoff"
HUMAN = "human please"


def test_a_bare_wish_begins_to_collect(conversation: Conversation) -> None:
    """A bare "human, please" begins the hand-off and asks for what is not known yet."""
    said = conversation.say(ACTION, HUMAN, "request_human")
    assert said.followup == "ticket_form" and said.replies == []
    assert said.slots["ticket_summary"] is None
    assert said.slots["ticket_impact"] is None and said.slots["ticket_confirm"] is None
    assert conversation.tickets() == []


def test_known_facts_are_not_asked_again(conversation: Conversation) -> None:
    """The question and the area of the talk and the verified address are filled in."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    slots = conversation.say(ACTION, HUMAN, "request_human").slots
    assert slots["ticket_summary"] == "Where do I find my invoices?"
    assert slots["ticket_contact"] == "ada@example.org"
    assert slots["ticket_area"] == "billing"
    assert slots["ticket_refusal"] is None


def test_a_wish_that_tells_its_matter_is_not_asked_for_it(conversation: Conversation) -> None:
    """Who says at length in the same message what it is about is not asked again."""
    text = "I need a person because our CSV import of four thousand contacts stops at row twelve every time"
    assert conversation.say(ACTION, text, "request_human").slots["ticket_summary"] == text


def test_a_refusal_goes_along(conversation: Conversation) -> None:
    """A hand-off after a refusal carries the refusal's class and what was asked for."""
    conversation.say("action_refuse_request", "Our office wifi drops", "outside_network")
    slots = conversation.say(ACTION, HUMAN, "request_human").slots
    assert slots["ticket_refusal"] == "network"
    assert slots["ticket_summary"] == "Our office wifi drops"


def test_a_new_matter_leaves_the_refusal_behind(conversation: Conversation) -> None:
    """Who was declined and then wants a person for a matter of support gets a ticket on that, without the refusal's mark."""
    conversation.say("action_refuse_request", "Our office wifi drops", "outside_network")
    text, clauses = "can i talk to someone, none of us can log in", [("none of us can log in", "ask_technical")]
    slots = conversation.say(ACTION, text, "request_human", segments=clauses).slots
    assert slots["ticket_refusal"] is None
    assert slots["ticket_summary"] == text
    assert slots["ticket_area"] == "technical"


def test_insisting_with_a_reason_keeps_the_refusal(conversation: Conversation) -> None:
    """Who presses on with what was declined gets a ticket that carries the refusal, whatever else is told."""
    conversation.say("action_refuse_request", "Our office wifi drops", "outside_network")
    clauses = [("we can't open our records", "ask_technical")]
    slots = conversation.say(
        ACTION, "but we pay for this, a person please, we can't open our records", "request_human", segments=clauses
    ).slots
    assert slots["ticket_refusal"] == "network"
    assert str(slots["ticket_summary"]).startswith("Our office wifi drops")


def test_the_area_is_that_of_what_the_wish_tells(conversation: Conversation) -> None:
    """A wish for a person that tells a matter of another area than the talk before is filed under its own."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    clauses = [("none of us can log in", "ask_technical")]
    slots = conversation.say(ACTION, "can i talk to someone, none of us can log in", "request_human", segments=clauses).slots
    assert slots["ticket_area"] == "technical"


def test_without_an_address_it_will_be_asked(conversation: Conversation) -> None:
    """A customer whose identity has no address is asked for one."""
    conversation.identity = replace(conversation.identity, email=None)
    assert conversation.say(ACTION, HUMAN, "request_human").slots["ticket_contact"] is None


@pytest.mark.parametrize("status", ["new", "open", "waiting", "escalated", "reopened"])
def test_an_open_ticket_is_shown_instead(status: str, conversation: Conversation, built: Services) -> None:
    """Who has an open ticket, in whatever open state, is shown it and gets no second one."""
    number = conversation.has_ticket().number
    if status == "open":
        built.tickets.assign(number, "sam", "sam", AT)
    elif status == "waiting":
        built.tickets.reply(number, "sam", "Which browser?", AT)
    elif status == "escalated":
        built.tickets.escalate(number, "customer", "urgent", AT)
    elif status == "reopened":
        built.tickets.resolve(number, "sam", AT)
        built.tickets.reopen(number, "customer", AT)
    said = conversation.say(ACTION, HUMAN, "request_human")
    assert said.decisions == ["ticket"] and said.followup is None
    assert said.reply["ticket"]["number"] == number
    assert said.reply["ticket"]["status"] == status
    assert len(conversation.tickets()) == 1


def test_a_resolved_ticket_does_not_stand_in_the_way(conversation: Conversation, built: Services) -> None:
    """After a resolved ticket a new wish for a person begins a new hand-off."""
    number = conversation.has_ticket().number
    built.tickets.resolve(number, "sam", AT)
    assert conversation.say(ACTION, HUMAN, "request_human").followup == "ticket_form"


def test_what_the_message_tells_is_not_asked_again(conversation: Conversation) -> None:
    """The address and who is affected are taken from the wish itself; the address told goes before the verified one."""
    said = conversation.say(ACTION, "get me a human, it affects our whole team, mail me at x@y.example", "request_human")
    assert said.slots["ticket_contact"] == "x@y.example" and said.slots["ticket_impact"] == "everyone"
    assert said.slots["ticket_summary"] is None


def test_a_question_beside_the_wish_is_answered(conversation: Conversation) -> None:
    """A question asked along with the wish for a person is answered before the hand-off begins."""
    segments = [("Where do I find my invoices?", "ask_billing"), ("Please get me a human.", "request_human")]
    said = conversation.say(ACTION, " ".join(text for text, _ in segments), "request_human", segments=segments)
    assert said.decisions == ["answer"] and said.followup == "ticket_form"


def test_a_wish_on_a_condition_is_only_offered(conversation: Conversation) -> None:
    """Who wants a person only if the answer fails gets the answer with a person on offer."""
    segments = [("Where do I find my invoices?", "ask_billing"), ("If that fails, get me a human.", "request_human")]
    said = conversation.say(ACTION, " ".join(text for text, _ in segments), "request_human", segments=segments)
    assert said.decisions == ["answer"] and said.followup is None
    assert "I would like to talk to a person" in said.payloads


def test_a_person_is_offered_by_one_button(conversation: Conversation) -> None:
    """Where the reply offers a person anyway, a wish on a condition adds no second button of the same kind."""
    segments = [("How many moons does jupiter have?", "ask_feature"), ("If that fails, get me a human.", "request_human")]
    said = conversation.say(ACTION, " ".join(text for text, _ in segments), "request_human", segments=segments)
    assert said.decisions == ["unknown"]
    assert said.payloads == ["I would like to talk to a person"]


def test_asking_for_an_exception_is_no_wish_for_a_person(conversation: Conversation) -> None:
    """What was declined and is pressed on with stays declined, even where it sounds a little like wishing for somebody."""
    conversation.slots["last_refusal"] = "custom_development"
    said = conversation.say("action_start_handoff", "please make an exception", "request_human", confidence=0.3)
    assert said.decisions == ["refuse"] and said.followup is None


def test_who_wants_no_ticket_gets_none(conversation: Conversation) -> None:
    """ "I don't want a ticket, I want it to work" is asked back about, and begins no hand-off."""
    said = conversation.say("action_start_handoff", "I don't want a ticket, I want it to work", "request_human")
    assert said.decisions == ["clarify"] and said.followup is None


@pytest.mark.parametrize(
    ("text", "confidence", "begins"),
    [
        ("what about undoing an import", 0.35, False),
        ("what about undoing an import", 0.6, True),
        ("let support undo the import", 0.35, True),
        ("how many moons does jupiter have", 0.35, True),
    ],
)
def test_a_weak_wish_is_a_question_first(text: str, confidence: float, begins: bool, conversation: Conversation) -> None:
    """What only leans to a wish and names nobody of support is answered where a page does; else, within a talk, the hand-off
    begins.
    """
    conversation.slots["last_question"] = "Where do I find my invoices?"
    said = conversation.say(ACTION, text, "request_human", confidence=confidence)
    assert (said.followup == "ticket_form") is begins
    assert said.decisions == ([] if begins else ["answer"])


@pytest.mark.parametrize("text", ["no thanks, I'd rather not talk to anyone", "I don't want to speak with anybody"])
def test_who_wants_nobody_gets_nobody(text: str, conversation: Conversation) -> None:
    """Turning a person down sounds like wishing for one; no hand-off begins."""
    said = conversation.say(ACTION, text, "request_human", confidence=0.6)
    assert said.followup is None and said.decisions == ["clarify"]


def test_another_matter_joins_the_open_ticket(conversation: Conversation) -> None:
    """One ticket a conversation: what else a person is wanted for is put down on it, for the team to read."""
    number = conversation.has_ticket().number
    text = "and a ticket for the activity feed, which does not load either"
    said = conversation.say(ACTION, text, "request_human")
    assert said.followup is None and f"**{number}**" in said.text
    assert conversation.built.tickets.events(number)[-1].text == text


def test_whom_it_affects_is_remembered_from_the_question(conversation: Conversation) -> None:
    """Who said in the question itself that everyone is affected is not asked again when a person is wanted."""
    conversation.say("action_answer_question", "Nobody in our office can undo an import", "ask_technical")
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    assert conversation.say(ACTION, HUMAN, "request_human").slots["ticket_impact"] == "everyone"


@pytest.mark.parametrize(("confidence", "decisions"), [(0.2, ["clarify"]), (0.4, [])])
def test_what_hardly_wishes_for_anybody_is_asked_about(
    confidence: float, decisions: list[str], conversation: Conversation
) -> None:
    """ "Quick one" at the beginning of a talk begins no hand-off; a likelier wish that nothing answers does."""
    said = conversation.say(ACTION, "zorp blub", "request_human", confidence=confidence)
    assert said.decisions == decisions and (said.followup == "ticket_form") is (not decisions)


@pytest.mark.parametrize(
    ("text", "begins"), [("I insist on speaking with an employee", True), ("I insist, you can do it for us", False)]
)
def test_insisting_on_a_person_is_no_insisting_on_the_matter(text: str, begins: bool, conversation: Conversation) -> None:
    """After a refusal whoever demands to speak to somebody gets the hand-off, however unsure the intent."""
    conversation.slots.update(last_refusal="third_party", last_question="Salesforce locks us out")
    said = conversation.say(ACTION, text, "request_human", confidence=0.45)
    assert (said.followup == "ticket_form") is begins and (said.decisions == ["refuse"]) is not begins


@pytest.mark.parametrize("another", [False, True])
def test_the_message_around_the_question_goes_along(another: bool, conversation: Conversation) -> None:
    """What was told around the question that was answered is part of the request, unless another was asked since."""
    text, question = "This is the third time that my notes are gone. Where do I find my invoices?", "How do I undo an import?"
    clauses = ((text[:47], "nlu_fallback", 0.9), (text[47:].strip(), "ask_billing", 0.9))
    conversation.say("action_answer_question", text, "ask_billing", confidence=0.4, segments=clauses)
    assert conversation.slots["last_question"] != text
    if another:
        conversation.say("action_answer_question", question, "ask_technical")
    assert conversation.say(ACTION, HUMAN, "request_human").slots["ticket_summary"] == (question if another else text)
