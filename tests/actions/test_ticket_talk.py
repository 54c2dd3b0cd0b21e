"""What leans on the ticket that the talk was on just now."""

from __future__ import annotations

import pytest

from actions.composition import Services
from actions.form_answers import asks_number
from tests.actions.talk import AT, Conversation

ANSWER, UNCLEAR = "action_answer_question", "action_handle_unclear"


@pytest.fixture
def on_ticket(conversation: Conversation) -> Conversation:
    """A conversation whose last word was on its open ticket."""
    conversation.has_ticket()
    conversation.say("action_show_ticket", "how is my ticket", "ticket_status")
    return conversation


@pytest.mark.parametrize(
    "text",
    [
        "and one more: it happens in Firefox",
        "Safari has it as well",
        "plus the export is empty",
        "can you add that it began on Monday",
        "Add to that: it began after the update",
        "please put this on it too: only for updated events",
    ],
)
def test_more_of_the_matter_goes_to_the_team(on_ticket: Conversation, built: Services, text: str) -> None:
    """What tells more right after a word on the ticket is noted on it; an article would be no answer."""
    (ticket,) = on_ticket.tickets()
    assert on_ticket.say(ANSWER, text, "ask_technical").decisions == ["ticket"]
    assert text in [event.text for event in built.tickets.events(ticket.number)]


def test_whom_it_concerns_goes_to_the_team(on_ticket: Conversation, built: Services) -> None:
    """Who is affected, told right after a word on the ticket in words that no intent fits, is noted on it."""
    (ticket,) = on_ticket.tickets()
    text = "fine. it concerns the 4 people of our sales team"
    assert on_ticket.say(UNCLEAR, text, "nlu_fallback").decisions == ["ticket"]
    assert text in [event.text for event in built.tickets.events(ticket.number)]
    question = "which page concerns the 4 people of our sales team"
    on_ticket.say(UNCLEAR, question, "nlu_fallback")
    assert question not in [event.text for event in built.tickets.events(ticket.number)]


@pytest.mark.parametrize(
    "text",
    [
        "who handles it now?",
        "not sooner??",
        "and the reply time is shorter now, right?",
        "can't it go any quicker, our card expires on Friday",
        "what number does it have?",
        "what number do i quote if i ring back",
        "will they help for sure?",
    ],
)
def test_what_only_the_ticket_can_answer_is_answered_from_it(on_ticket: Conversation, text: str) -> None:
    """Who has it and how soon they answer is told from the ticket, with the promise that was given."""
    said = on_ticket.say(UNCLEAR, text, "nlu_fallback")
    assert said.decisions == ["ticket"]
    assert "Tuesday 5 May 2026" in said.text


def test_a_question_of_its_own_is_answered(on_ticket: Conversation) -> None:
    """A question that stands by itself is no detail of the ticket."""
    said = on_ticket.say(ANSWER, "How do I import contacts from a CSV file?", "ask_feature")
    assert said.decisions == ["answer"]


def test_the_next_answer_ends_the_talk_on_the_ticket(on_ticket: Conversation) -> None:
    """Once something else was answered, "and ..." leans on that."""
    on_ticket.say(ANSWER, "How do I import contacts from a CSV file?", "ask_feature")
    assert on_ticket.say(ANSWER, "and the same for companies", "ask_feature").decisions != ["ticket"]


def test_without_a_ticket_nothing_is_noted(conversation: Conversation) -> None:
    """The words alone make no ticket."""
    assert "ticket" not in conversation.say(ANSWER, "and it happens in Firefox", "ask_technical").decisions


def test_stopping_in_a_clause_takes_everything_back(conversation: Conversation) -> None:
    """ "Stop, cancel. It was my browser" asks nothing, whatever its last clause sounds like."""
    text = "stop, cancel. it was my browser"
    said = conversation.say(
        ANSWER, text, "ask_technical", segments=[("stop, cancel.", "cancel"), ("it was my browser", "ask_technical")]
    )
    assert said.decisions == ["smalltalk"]


def test_the_policy_in_between_does_not_end_the_talk_on_the_ticket(on_ticket: Conversation) -> None:
    """After "when will I hear from you?" was answered from the policy, "and who looks at it?" still means the ticket."""
    assert on_ticket.say("action_state_policy", "how fast do you answer in general", "policy_response_time").decisions == [
        "policy"
    ]
    assert on_ticket.say(UNCLEAR, "and who is going to look at it", "nlu_fallback").decisions == ["ticket"]


def test_any_tip_is_asked_for_and_no_detail(on_ticket: Conversation) -> None:
    """ "And the import, any tip while I wait" asks, though it opens like a detail."""
    said = on_ticket.say(ANSWER, "and importing contacts from a CSV file, any tip while I wait", "ask_feature")
    assert said.decisions == ["answer"]


def test_closing_the_ticket_goes_to_the_team(on_ticket: Conversation, built: Services) -> None:
    """Who writes that the ticket can be closed is not asked for more; the people who have it are told."""
    (ticket,) = on_ticket.tickets()
    text = "it works now, you can close the ticket"
    assert on_ticket.say(ANSWER, text, "reopen_ticket").decisions == ["ticket"]
    assert text in [event.text for event in built.tickets.events(ticket.number)]


def test_a_marked_ticket_stays_honest(conversation: Conversation) -> None:
    """How a ticket stands that carries a refusal is told with the word that the team may have to decline it."""
    conversation.has_ticket(refusal="third_party")
    assert "may have to decline" in conversation.say("action_show_ticket", "how is my ticket", "ticket_status").text


def test_going_on_with_the_policy_is_no_detail(on_ticket: Conversation, built: Services) -> None:
    """ "And on weekends" behind the opening hours asks for more of them; nothing is put down on the ticket."""
    (ticket,) = on_ticket.tickets()
    on_ticket.say("action_state_policy", "when is your team there", "policy_hours")
    assert on_ticket.say(UNCLEAR, "and on weekends", "nlu_fallback").decisions != ["ticket"]
    assert "and on weekends" not in [event.text for event in built.tickets.events(ticket.number)]


def test_who_has_it_is_no_detail_of_who_is_affected(on_ticket: Conversation) -> None:
    """ "Who's looking at it" is told from the ticket, though it may sound like a word on who is affected."""
    assert on_ticket.say(UNCLEAR, "who's looking at it", "inform_impact", confidence=0.6).decisions == ["ticket"]


def test_a_story_before_closing_the_ticket_hides_nothing(on_ticket: Conversation, built: Services) -> None:
    """ "My bad, I had a filter set. You can close the ticket" goes to the team and finds no article."""
    text = "omg my bad, I had a filter set. you can close the ticket"
    clauses = [("omg my bad, I had a filter set.", "ask_technical"), ("you can close the ticket", "cancel")]
    assert on_ticket.say("action_small_talk", text, "cancel", segments=clauses).decisions == ["ticket"]
    other = "ha, it just synced. works again. you can close it"
    assert on_ticket.say(ANSWER, other, "ask_technical").decisions == ["ticket"]
    (ticket,) = on_ticket.tickets()
    assert {text, other} <= {event.text for event in built.tickets.events(ticket.number)}


def test_cancel_alone_may_mean_anything(conversation: Conversation) -> None:
    """ "Cancel" as the first word is asked back about, and read together with the answer; later it drops what was on."""
    for text in ("cancel", "want to cancel"):
        assert conversation.say("action_small_talk", text, "cancel").decisions == ["clarify"]
    conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    assert conversation.say("action_small_talk", "cancel", "cancel").decisions == ["smalltalk"]


def test_which_one_to_use_is_no_question_on_the_ticket() -> None:
    """ "Which one do I quote" asks for the ticket's number; "which one should we use" asks about the product."""
    assert asks_number("which one do I quote if I ring?") and asks_number("what number do i use when I call")
    assert not asks_number("which one should we use, csv or xlsx?")


@pytest.mark.parametrize("text", ["Could I see what you wrote in there?", "what does the ticket say", "read it back to me"])
def test_what_stands_on_the_ticket_is_read_out(on_ticket: Conversation, built: Services, text: str) -> None:
    """Who asks what was written gets the matter as it was told and what was added since, and no notes of the staff."""
    (ticket,) = on_ticket.tickets()
    on_ticket.say("action_add_to_ticket", "It happens in Firefox too", "add_to_ticket")
    built.tickets.note(ticket.number, "sam", "looks like the proxy", AT)
    said = on_ticket.say(ANSWER, text, "ask_feature")
    assert said.decisions == ["ticket"] and ticket.number in said.text
    assert "The import stops at row 12" in said.text and "It happens in Firefox too" in said.text
    assert "proxy" not in said.text


def test_an_unclear_message_may_close_the_ticket(on_ticket: Conversation, built: Services) -> None:
    """Whatever the message sounds like as a whole, and whatever was talked about since, its word to close reaches the team."""
    (ticket,) = on_ticket.tickets()
    on_ticket.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    text = "Actually my bookkeeper just found the answer. you may close it"
    assert on_ticket.say(UNCLEAR, text, "nlu_fallback").decisions == ["ticket"]
    assert text in [event.text for event in built.tickets.events(ticket.number)]


def test_no_number_is_needed(conversation: Conversation, built: Services) -> None:
    """Who has no number at hand hears that none is needed; where there is a ticket, though a resolved one, it is told of."""
    conversation.say("action_show_ticket", "how is my ticket", "ticket_status")
    text = "dont have the number anymore"
    assert "none" in conversation.say(UNCLEAR, text, "nlu_fallback").text
    number = conversation.has_ticket().number
    built.tickets.resolve(number, "sam", AT)
    conversation.say("action_show_ticket", "how is my ticket", "ticket_status")
    said = conversation.say(UNCLEAR, text, "nlu_fallback")
    assert number in said.text and "resolved" in said.text


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("close it please, my bank says one of them was just a reservation", True),
        ("ok, close this then", True),
        ("close this deal for me", False),
        ("close it? would that lose anything", False),
    ],
)
def test_it_is_the_ticket_that_is_closed(text: str, closes: bool, on_ticket: Conversation, built: Services) -> None:
    """Right after a word on the ticket, an order to close "it" reaches the team; a question or another thing to close is none."""
    (ticket,) = on_ticket.tickets()
    on_ticket.say(ANSWER, text, "ask_billing")
    assert (text in [event.text for event in built.tickets.events(ticket.number)]) is closes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I sent it by email on Monday", True),
        ("we've emailed you twice", True),
        ("I sent a campaign on Monday", False),
    ],
)
def test_what_came_by_mail_is_not_shown_here(text: str, told: bool, conversation: Conversation) -> None:
    """Who has no ticket here since the request went by mail is told so, and offered one; nobody else is."""
    conversation.say("action_show_ticket", "how is my ticket", "ticket_status")
    said = conversation.say(ANSWER, text, "ask_technical", confidence=0.4)
    assert ("by email isn't shown" in said.text) is told
    assert not told or (said.decisions == ["ticket"] and said.reply["buttons"])


def test_cancelling_a_ticket_that_was_opened_before(conversation: Conversation) -> None:
    """Who takes back a ticket "that I opened earlier", where there is none, hears that there is none."""
    said = conversation.say("action_handle_unclear", "cancel the ticket i opened earlier, sorted it myself", "cancel")
    assert said.decisions == ["ticket"]
