from __future__ import annotations

from actions.composition import Services
from tests.actions.talk import AT, Conversation

ACTION = "action_escalate_ticket"
ASK = "please escalate my ticket"


def test_without_a_ticket_step_one_comes_first(conversation: Conversation) -> None:
    """Escalation begins with a ticket: the hand-off starts, marked for escalation, and nothing is opened yet."""
    said = conversation.say(ACTION, ASK, "request_escalation")
    assert said.decisions == ["collect"] and said.followup == "ticket_form"
    assert said.slots["ticket_escalate"] is True
    assert conversation.tickets() == []


def test_my_ticket_tells_nothing_about_who_is_affected(conversation: Conversation) -> None:
    """ "Escalate my ticket" does not mean that one person alone is affected: that is asked; "all of us" is understood."""
    assert conversation.say(ACTION, ASK, "request_escalation").slots["ticket_impact"] is None
    wide = conversation.say(ACTION, "escalate, none of it works for all of us", "request_escalation")
    assert wide.slots["ticket_impact"] == "everyone"


def test_step_two_is_a_senior_technician(conversation: Conversation) -> None:
    """The ticket of one person goes to a senior technician, which the customer reads."""
    number = conversation.has_ticket().number
    said = conversation.say(ACTION, ASK, "request_escalation")
    assert said.reply["ticket"]["number"] == number
    assert said.reply["ticket"]["status"] == "escalated"
    assert "senior technician" in said.text and "prioritize" not in said.text
    assert conversation.tickets()[0].escalation_step == 2


def test_step_three_for_many(conversation: Conversation) -> None:
    """A ticket that affects several people is prioritised as well."""
    conversation.has_ticket(impact="several")
    said = conversation.say(ACTION, ASK, "request_escalation")
    assert "prioritize" in said.text
    assert conversation.tickets()[0].escalation_step == 3


def test_the_message_may_tell_that_many_are_affected(conversation: Conversation) -> None:
    """Who says in the same message that everyone is affected gets step three."""
    conversation.has_ticket()
    conversation.say(ACTION, "escalate this, nobody in our company can work", "request_escalation")
    assert conversation.tickets()[0].escalation_step == 3


def test_twice_changes_nothing(conversation: Conversation) -> None:
    """Escalating an escalated ticket changes nothing and says so."""
    conversation.has_ticket()
    conversation.say(ACTION, ASK, "request_escalation")
    said = conversation.say(ACTION, ASK, "request_escalation")
    assert "already escalated" in said.text
    assert conversation.tickets()[0].escalation_step == 2


def test_twice_tells_how_the_ticket_stands(conversation: Conversation, built: Services) -> None:
    """An escalated ticket that was resolved and reopened is not said to be with a senior technician at this moment."""
    number = conversation.has_ticket().number
    conversation.say(ACTION, ASK, "request_escalation")
    built.tickets.resolve(number, "sam", AT)
    built.tickets.reopen(number, "customer", AT)
    text = conversation.say(ACTION, ASK, "request_escalation").text
    assert "already escalated and has been reopened" in text


def test_a_second_wish_can_reach_step_three(conversation: Conversation) -> None:
    """A ticket at step two that turns out to affect everyone goes on to step three, and no further."""
    conversation.has_ticket()
    conversation.say(ACTION, ASK, "request_escalation")
    for _ in range(2):
        conversation.say(ACTION, "escalate, it affects everyone", "request_escalation")
    assert conversation.tickets()[0].escalation_step == 3


def test_who_escalated_and_why_is_on_record(conversation: Conversation, built: Services) -> None:
    """The ticket's history holds that the customer escalated, in their words."""
    number = conversation.has_ticket().number
    conversation.say(ACTION, ASK, "request_escalation")
    event = built.tickets.events(number)[-1]
    assert (event.kind, event.by, event.text) == ("escalated", "customer", ASK)


def test_a_ticket_that_was_answered_can_be_escalated(conversation: Conversation, built: Services) -> None:
    """A ticket that waits for the customer can be escalated as well."""
    built.tickets.reply(conversation.has_ticket().number, "sam", "Try again", AT)
    assert conversation.say(ACTION, ASK, "request_escalation").reply["ticket"]["status"] == "escalated"


def test_how_to_escalate_is_asked_and_not_wished(conversation: Conversation) -> None:
    """Without a ticket "how do I get it in front of someone more senior?" asks for the rule; nothing is begun."""
    said = conversation.say(
        ACTION, "The fix changed nothing. How do I get it in front of someone more senior?", "request_escalation"
    )
    assert said.decisions == ["policy"] and said.followup is None


def test_moving_something_up_is_no_escalation(conversation: Conversation) -> None:
    """ "Can I move it up a bit" behind an answer leans on that answer, unless it is sure or speaks of a ticket."""
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    text = "can i move it up a bit, it landed at the bottom"
    assert conversation.say(ACTION, text, "request_escalation", confidence=0.37).followup is None
    assert conversation.say(ACTION, "move my case up", "request_escalation", confidence=0.37).followup == "ticket_form"


def test_what_would_happen_if_is_asked_and_not_wished(conversation: Conversation) -> None:
    """ "If nobody manages to fix it, can it go to a senior?" asks for the rule: the ticket stays where it is."""
    conversation.has_ticket()
    said = conversation.say(ACTION, "and if nobody manages to fix it, can it go to a senior?", "request_escalation")
    assert said.decisions == ["policy"] and conversation.tickets()[0].escalation_step == 1
    conversation.say(ACTION, "if it isn't fixed today I lose the client, can you escalate it?", "request_escalation")
    assert conversation.tickets()[0].escalation_step == 2


def test_nobody_of_support_is_not_all_who_are_affected(conversation: Conversation) -> None:
    """ "Nobody has answered me" speaks of support: the ticket of one person stays that of one person."""
    conversation.has_ticket()
    said = conversation.say(ACTION, "nobody has answered me for two days, escalate", "request_escalation")
    assert "prioritize" not in said.text and conversation.tickets()[0].escalation_step == 2
