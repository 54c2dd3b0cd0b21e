"""Short answers to the hand-off, told apart by their words."""

from __future__ import annotations

import pytest

from actions.form_answers import (
    adds_that,
    asks_next,
    asks_why,
    begins_with_me,
    hesitates,
    just_here,
    known_address,
    names_address,
    orders,
    resumes,
    sends,
    thinks_better,
    waits,
)


@pytest.mark.parametrize("text", ["hmm no", "not yet", "no, not quite", "well, not like this"])
def test_a_hesitating_no(text: str) -> None:
    """These put nothing away."""
    assert hesitates(text)


@pytest.mark.parametrize("text", ["no", "nope", "hmm no, cancel it", "not yet solved, it fails again"])
def test_a_plain_no_or_more_is_no_hesitation(text: str) -> None:
    """A plain no, and whatever says more, means what it says."""
    assert not hesitates(text)


@pytest.mark.parametrize(("text", "pause"), [("one moment please", True), ("hang on", True), ("wait for my boss to call", False)])
def test_a_pause_is_nothing_but_one(text: str, pause: bool) -> None:
    """Only a message that asks for a moment and says nothing else is a pause."""
    assert waits(text) is pause


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("no, do open the ticket", True),
        ("report it then", True),
        ("ok. file it", True),
        ("open it? no", False),
        ("don't open the ticket", False),
        ("that is correct, please open it", True),
        ("ok send", True),
        ("send me the invoice", False),
        ("that's fine, but send nothing", False),
    ],
)
def test_the_last_word_sends(text: str, sent: bool) -> None:
    """What the last sentence tells to do counts."""
    assert sends(text) is sent


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("can you add that it began on Monday", True),
        ("please note that Anna has it too", True),
        ("can I add that field to deals?", False),
        ("addition to my ticket: two signers only", True),
        ("can I add to this list?", False),
        ("please put this on it too: only for updated events", True),
        ("add to it please: the endpoint gives 200", True),
        ("can I put that on the calendar: how?", False),
        ("Could you put on it that we've paused the automation", True),
        ("can you write on it that we are closed?", True),
        ("can I put on the calendar that we are closed?", False),
    ],
)
def test_telling_to_add_something(text: str, detail: bool) -> None:
    """What the assistant is told to add is a detail; what the customer wants to add is a question on the product."""
    assert adds_that(text) is detail


def test_where_to_answer() -> None:
    """The chat, the address that is known, and "me" before more are told apart."""
    assert just_here("just answer here") and not just_here("the list here is empty")
    assert known_address("the usual mail") and names_address("the usual mail") and not names_address("the usual one")
    assert begins_with_me("me, I'm the owner") and not begins_with_me("me and my boss")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Good, I switched it off. Please continue with the request", True),
        ("ok back to the ticket", True),
        ("don't continue with the ticket", False),
        ("No, they're not deleted. Let's carry on with the ticket please.", True),
        ("I can't go on like this", False),
    ],
)
def test_going_on_with_the_ticket(text: str, on: bool) -> None:
    """Who asks to go on with the ticket has not cancelled it; who asks to stop has."""
    assert resumes(text) is on


@pytest.mark.parametrize(("text", "better"), [("hmm, on second thought yes, I do need one", True), ("yes", False)])
def test_thinking_better_of_a_no(text: str, better: bool) -> None:
    """A yes that takes back the no before it is told from a plain one."""
    assert thinks_better(text) is better


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("that is correct, please open it", True),
        ("That's right. Please open the ticket now, thanks", True),
        ("ok send", True),
        ("log that the error is 500", False),
        ("please forward this to Anna, she knows who is affected", False),
        ("It happens on the phone too. Please open it", False),
        ("please open it and mail me at ada@example.org", False),
        ("don't send it", False),
    ],
)
def test_an_order_to_send_says_nothing_else(text: str, only: bool) -> None:
    """Only an order with nothing beside it ends the questions: what else is told belongs to the request."""
    assert orders(text) is only


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Why do you need to know that?", True),
        ("why?", True),
        ("ok but what do you need that for", True),
        ("why does that matter", True),
        ("why are you asking me this", True),
        ("why does it want a password each time", False),
        ("why do you ask for a password", False),
        ("why do they get two mails", False),
    ],
)
def test_asking_why_it_is_asked(text: str, why: bool) -> None:
    """Who asks for the reason of our question is told from who asks why something happens in the product."""
    assert asks_why(text) is why


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what happens once i say yes?", True),
        ("and what happens next", True),
        ("what happens when a deal is deleted", False),
        ("what happened to my notes", False),
    ],
)
def test_asking_what_follows(text: str, asked: bool) -> None:
    """Who asks what follows on a yes is told from who asks what the product does."""
    assert asks_next(text) is asked
