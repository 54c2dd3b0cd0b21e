from __future__ import annotations

from dataclasses import replace

import pytest

from actions.composition import Services, install
from desk.identity import Identity
from policy.clock import promise
from tests.actions.talk import AT, Conversation

ACTION = "action_open_ticket"
CONFIRMED = {
    "ticket_summary": "The import stops at row 12",
    "ticket_impact": "several",
    "ticket_contact": "ada@example.org",
    "ticket_confirm": "yes",
    "ticket_area": "technical",
}


def _confirm(conversation: Conversation, **slots: object) -> None:
    conversation.slots.update({**CONFIRMED, **slots})


def test_opens_one_ticket_with_all_facts(conversation: Conversation) -> None:
    """A confirmed hand-off opens a ticket that holds what the customer said and who they are."""
    _confirm(conversation)
    said = conversation.say(ACTION, "yes", "affirm")
    (ticket,) = conversation.tickets()
    assert said.decisions == ["ticket"]
    assert (ticket.summary, ticket.impact, ticket.contact) == ("The import stops at row 12", "several", "ada@example.org")
    assert (ticket.area, ticket.refusal, ticket.plan, ticket.sub) == ("technical", None, "professional", "u-ada")
    assert (ticket.status, ticket.priority) == ("new", "high")
    assert said.reply["ticket"] == ticket.as_contract()
    assert ticket.number in said.text


def test_the_promise_is_the_clocks(conversation: Conversation, built: Services) -> None:
    """The ticket holds exactly what the policy's clock promises for this customer and instant."""
    _confirm(conversation)
    conversation.say(ACTION, "yes", "affirm")
    who = conversation.identity
    promised = promise(AT, tz=who.tz, region=who.region, plan=who.plan, policy=built.policy)
    (ticket,) = conversation.tickets()
    assert ticket.promise == promised.as_json()
    assert promised.reply_by is not None and ticket.reply_by == promised.reply_by.isoformat()


def test_the_customer_reads_the_instant_and_the_holiday(conversation: Conversation) -> None:
    """The reply names the day and time of the answer and the public holiday that is skipped on the way."""
    _confirm(conversation)
    text = conversation.say(ACTION, "yes", "affirm").text
    assert "Tuesday 5 May 2026, 16:30" in text
    assert "Europe/London" in text
    assert "May Day (Monday 4 May 2026)" in text


@pytest.mark.parametrize(
    ("region", "tz", "certainty"),
    [(None, "Europe/London", "region_unknown"), ("GB-SCT", None, "timezone_unknown"), ("XX", "Europe/London", "region_unknown")],
)
def test_without_certainty_the_rule_and_no_instant(
    region: str | None, tz: str | None, certainty: str, conversation: Conversation
) -> None:
    """Where region or time zone is unknown, the reply gives the rule and no instant."""
    conversation.identity = replace(conversation.identity, region=region, tz=tz)
    _confirm(conversation)
    said = conversation.say(ACTION, "yes", "affirm")
    assert said.reply["ticket"]["certainty"] == certainty
    assert said.reply["ticket"]["reply_by"] is None
    assert conversation.tickets()[0].promise["rule"] in said.text
    assert "2026" not in said.text


def test_enterprise_goes_one_up_and_is_told(conversation: Conversation) -> None:
    """An Enterprise ticket is one step more urgent."""
    conversation.identity = replace(conversation.identity, plan="enterprise")
    _confirm(conversation)
    said = conversation.say(ACTION, "yes", "affirm")
    assert said.reply["ticket"]["priority"] == "urgent"
    assert "Enterprise requests go first" in said.text


def test_a_refusal_is_marked_on_the_ticket(conversation: Conversation) -> None:
    """A ticket that carries a refusal says so to the team and honestly to the customer, and has low priority."""
    _confirm(conversation, ticket_refusal="custom_development", ticket_area=None)
    said = conversation.say(ACTION, "yes", "affirm")
    (ticket,) = conversation.tickets()
    assert ticket.refusal == said.reply["refusal"] == "custom_development"
    assert ticket.priority == "low"
    assert "decline" in said.text


def test_the_same_turn_again_opens_no_second(conversation: Conversation, built: Services) -> None:
    """A turn that runs twice, with the slots as they were, opens exactly one ticket, and notes nothing on it."""
    for _ in range(2):
        _confirm(conversation)
        conversation.say(ACTION, "yes", "affirm", message_id="m-yes")
    (ticket,) = conversation.tickets()
    assert [event.kind for event in built.tickets.events(ticket.number)] == ["opened"]


def test_what_was_told_joins_a_ticket_that_is_open_after_all(conversation: Conversation, built: Services) -> None:
    """Where staff reopened a ticket during the hand-off there is still one, and what the customer told now is noted on it."""
    number = conversation.has_ticket().number
    _confirm(conversation, ticket_summary="The export fails too")
    assert conversation.say(ACTION, "yes", "affirm").reply["ticket"]["number"] == number
    assert len(conversation.tickets()) == 1
    assert [(event.kind, event.text) for event in built.tickets.events(number)][1:] == [("noted", "The export fails too")]


def test_the_slots_are_cleared(conversation: Conversation) -> None:
    """After the ticket nothing of the hand-off is remembered, so that the next one begins afresh."""
    _confirm(conversation, ticket_escalate=True, ticket_refusal="network")
    conversation.say(ACTION, "yes", "affirm")
    left = {name: value for name, value in conversation.slots.items() if name.startswith("ticket_") and value is not None}
    assert left == {} and conversation.slots["requested_slot"] is None


@pytest.mark.parametrize("confirm", ["no", None])
def test_unconfirmed_opens_none(confirm: str | None, conversation: Conversation) -> None:
    """Without a yes no ticket is opened, the reply says so, and the hand-off is forgotten."""
    _confirm(conversation, ticket_confirm=confirm)
    said = conversation.say(ACTION, "no", "cancel")
    assert said.decisions == ["smalltalk"] and said.reply["ticket"] is None
    assert conversation.tickets() == []
    assert conversation.slots["ticket_summary"] is None


def test_marked_for_escalation_it_is_escalated(conversation: Conversation) -> None:
    """A hand-off that began as a wish for escalation opens a ticket that a senior technician has."""
    _confirm(conversation, ticket_escalate=True, ticket_impact="me")
    said = conversation.say(ACTION, "yes", "affirm")
    assert said.reply["ticket"]["status"] == "escalated"
    assert "senior technician" in said.text
    assert conversation.tickets()[0].escalation_step == 2


def test_marked_for_escalation_and_wide_goes_to_step_three(conversation: Conversation) -> None:
    """An escalation that affects several people is prioritised at once, as one of an existing ticket is."""
    _confirm(conversation, ticket_escalate=True, ticket_impact="everyone")
    conversation.say(ACTION, "yes", "affirm")
    assert conversation.tickets()[0].escalation_step == 3


def test_other_conversations_have_their_own(conversation: Conversation, built: Services) -> None:
    """A ticket belongs to its conversation: the same customer's next conversation may have one too."""
    _confirm(conversation)
    conversation.say(ACTION, "yes", "affirm")
    conversation.id = built.conversations.start(Identity("u-ada"), AT).id
    _confirm(conversation)
    conversation.say(ACTION, "yes", "affirm")
    assert len(conversation.tickets()) == 1 and len(built.tickets.list()) == 2


def test_the_clock_of_the_settings_counts(conversation: Conversation, built: Services) -> None:
    """The ticket's instant is that of the installed clock."""
    later = AT.replace(day=6)
    install(replace(built, now=lambda: later))
    _confirm(conversation)
    conversation.say(ACTION, "yes", "affirm")
    assert conversation.tickets()[0].promise["at"].startswith("2026-05-06T16:30")
