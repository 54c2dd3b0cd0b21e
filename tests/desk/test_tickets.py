"""Tickets and their life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from desk.conversations import ConversationLog, ConversationNotFound
from desk.database import Database
from desk.identity import Identity
from desk.staff import StaffAccounts
from desk.ticket_moves import MOVES, STATUSES, possible, priority_of
from desk.tickets import Ticket, TicketNotFound, Tickets, TicketStateError
from tests.desk.conftest import ADA, NOW, later, request_for, together


def opened(log: ConversationLog, tickets: Tickets, **changes: Any) -> Ticket:
    """A ticket of a new conversation."""
    return tickets.open(request_for(log.start(changes.get("identity", ADA), NOW).id, **changes))


def test_a_ticket_holds_the_very_promise_that_was_given(log: ConversationLog, tickets: Tickets) -> None:
    """All facts of the request are kept, with the clock's own JSON."""
    request = request_for(log.start(ADA, NOW).id)
    ticket = tickets.open(request)
    assert ticket.number == "PR-10001"
    assert ticket.promise == request.promise.as_json()
    assert (ticket.reply_by, ticket.due_at) == ("2026-11-25T14:00:00+00:00", "2026-11-25T14:00:00.000+00:00")
    assert (ticket.certainty, ticket.policy_version, ticket.status, ticket.escalation_step) == (
        "exact",
        "1.0",
        "new",
        1,
    )
    assert (ticket.sub, ticket.account, ticket.plan, ticket.name) == (
        "u1",
        "Northlight",
        "professional",
        "Ada",
    )
    assert tickets.get("PR-10001") == tickets.get(" pr-10001 ") == tickets.get("10001") == ticket
    assert ticket.as_contract() == {
        "number": "PR-10001",
        "status": "new",
        "priority": "normal",
        "area": "technical",
        "reply_by": "2026-11-25T14:00:00+00:00",
        "certainty": "exact",
        "policy_version": "1.0",
    }
    assert [(event.kind, event.by) for event in tickets.events(ticket.number)] == [("opened", "customer")]


def test_without_a_promised_instant_nothing_is_due_and_nothing_forgotten(log: ConversationLog, tickets: Tickets) -> None:
    """Such a ticket has no reply-by and stands in the list by its arrival."""
    promised = opened(log, tickets)
    unknown = opened(log, tickets, identity=Identity("u2"))
    assert (unknown.reply_by, unknown.due_at, unknown.certainty) == (None, None, "timezone_unknown")
    assert [ticket.number for ticket in tickets.list()] == [unknown.number, promised.number]


def test_a_conversation_has_one_open_ticket(log: ConversationLog, tickets: Tickets) -> None:
    """A second opening gives the first ticket; after it is resolved, a new one."""
    conversation = log.start(ADA, NOW)
    first = tickets.open(request_for(conversation.id))
    assert tickets.open(request_for(conversation.id, summary="again")) == first
    tickets.resolve(first.number, "ana", later(1))
    second = tickets.open(request_for(conversation.id, summary="new trouble"))
    assert second.number == "PR-10002"
    assert tickets.for_conversation(conversation.id) == second == tickets.newest_of("u1")
    assert tickets.for_conversation("none") is None and tickets.newest_of("none") is None


def test_opening_at_the_same_moment_makes_one_ticket(log: ConversationLog, database: Database) -> None:
    """Threads that open a ticket of the same conversation all get the same one."""
    conversation = log.start(ADA, NOW)
    numbers = together(lambda n: Tickets(database).open(request_for(conversation.id)).number, 6)
    assert set(numbers) == {"PR-10001"}
    assert len(Tickets(database).list()) == 1


def test_a_ticket_needs_its_conversation_and_a_known_impact(log: ConversationLog, tickets: Tickets) -> None:
    """What cannot be opened is refused."""
    with pytest.raises(ConversationNotFound):
        tickets.open(request_for("none"))
    with pytest.raises(ValueError, match="me, several, everyone"):
        opened(log, tickets, impact="many")


@pytest.mark.parametrize("number", ["PR-10001", "PR-999999999", "PR-99999999999999999999", "PR-00001", "", "x", "PR-1٢345"])
def test_a_number_that_is_none_is_not_found(tickets: Tickets, number: str) -> None:
    """Whatever is asked for, the answer is that there is no such ticket."""
    for call in (tickets.get, tickets.events, lambda n: tickets.note(n, "ana", "x", NOW)):
        with pytest.raises(TicketNotFound):
            call(number)


@pytest.mark.parametrize(
    ("impact", "area", "refusal", "plan", "priority"),
    [
        ("me", "technical", None, "starter", "normal"),
        ("me", None, None, None, "normal"),
        ("several", "technical", None, None, "high"),
        ("several", "billing", None, None, "normal"),
        ("everyone", "technical", None, None, "urgent"),
        ("everyone", "feature", None, None, "high"),
        ("everyone", "technical", "third_party", None, "low"),
        ("me", "billing", None, "Enterprise", "high"),
        ("several", "technical", None, "enterprise", "urgent"),
        ("everyone", "technical", None, "enterprise", "urgent"),
        ("me", None, "network", "enterprise", "normal"),
    ],
)
def test_priority_comes_of_impact_area_refusal_and_plan(
    impact: str, area: str | None, refusal: str | None, plan: str | None, priority: str
) -> None:
    """Whom it affects, and whether it is technical; a refusal is low; Enterprise goes one up."""
    assert priority_of(impact, area, refusal, plan) == priority


def test_a_reply_reaches_the_conversation_and_a_person_has_it(log: ConversationLog, tickets: Tickets) -> None:
    """The bot is silent, and the ticket waits until the customer writes, which opens it again."""
    ticket = opened(log, tickets)
    assert tickets.reply(ticket.number, "ana", "Which **file**?", later(1)).status == "waiting"
    [message] = log.messages(ticket.conversation_id)
    assert (message.role, message.text, message.author) == ("staff", "Which **file**?", "ana")
    assert log.get(ticket.conversation_id).handler == "human"
    log.begin_turn(ticket.conversation_id, "this one", "c1", later(2))
    log.begin_turn(ticket.conversation_id, "this one", "c1", later(3))
    after = tickets.get(ticket.number)
    assert (after.status, after.updated_at) == ("open", "2026-11-24T14:02:00.000+00:00")
    kinds = [event.kind for event in tickets.events(ticket.number)]
    assert kinds == ["opened", "replied", "customer_replied"]


def test_a_customers_message_moves_no_other_ticket(log: ConversationLog, tickets: Tickets) -> None:
    """New, escalated and resolved tickets stay as they are when the customer writes."""
    for change, status in ((None, "new"), ("escalate", "escalated"), ("resolve", "resolved")):
        ticket = opened(log, tickets)
        if change == "escalate":
            tickets.escalate(ticket.number, "customer", "please", NOW)
        if change == "resolve":
            tickets.resolve(ticket.number, "ana", NOW)
        log.begin_turn(ticket.conversation_id, "hello?", "c1", later(1))
        assert tickets.get(ticket.number).status == status


def test_assigning_takes_a_ticket_up(log: ConversationLog, tickets: Tickets) -> None:
    """A new ticket is open once somebody has it; lists can be narrowed to state, assignee and what is unresolved."""
    ticket, other = opened(log, tickets), opened(log, tickets)
    taken = tickets.assign(ticket.number, "ana", "bob", later(1))
    assert (taken.status, taken.assignee) == ("open", "ana")
    assert tickets.list(assignee="ana") == (taken,)
    assert tickets.list(status="new") == (other,)
    assert tickets.list(status="open", assignee="bob") == () == tickets.list(status="nonsense")
    closed = tickets.resolve(other.number, "ana", later(9))
    assert tickets.list(unresolved=True) == (taken,) and closed in tickets.list()
    assert tickets.list(unresolved=True, assignee="bob") == ()
    assert tickets.events(ticket.number)[-1].text == "ana"


def test_escalation_goes_up_step_by_step(log: ConversationLog, tickets: Tickets, database: Database) -> None:
    """Step 2 goes to the seniors, whoever had it; step 3 is prioritised as well, and is the last."""
    accounts = StaffAccounts(database)
    accounts.add("ana", "agent", "a long enough password")
    accounts.add("sue", "senior", "a long enough password")
    ticket = opened(log, tickets)
    tickets.assign(ticket.number, "ana", "ana", NOW)
    second = tickets.escalate(ticket.number, "customer", "still broken", later(1))
    assert (second.status, second.escalation_step, second.assignee, second.priority) == (
        "escalated",
        2,
        None,
        "normal",
    )
    tickets.assign(ticket.number, "sue", "sue", later(2))
    third = tickets.escalate(ticket.number, "sue", "all are affected", later(3))
    assert (third.status, third.escalation_step, third.assignee, third.priority) == (
        "escalated",
        3,
        "sue",
        "high",
    )
    with pytest.raises(TicketStateError, match=r"last step.*reply"):
        tickets.escalate(ticket.number, "sue", "once more", later(4))
    assert tickets.events(ticket.number)[-1].text == "all are affected"


def test_resolving_hands_the_conversation_back_and_reopening_takes_it_up(log: ConversationLog, tickets: Tickets) -> None:
    """The bot has the conversation again and the customer is told, without any word of when."""
    ticket = opened(log, tickets)
    tickets.reply(ticket.number, "ana", "Done.", later(1))
    assert tickets.resolve(ticket.number, "ana", later(2)).status == "resolved"
    assert log.get(ticket.conversation_id).handler == "bot"
    told = log.messages(ticket.conversation_id)[-1]
    assert told.role == "system" and "PR-10001" in told.text and "hour" not in told.text
    assert tickets.reopen(ticket.number, "customer", later(3)).status == "reopened"
    assert tickets.close(tickets.resolve(ticket.number, "ana", later(4)).number, "ana", later(5)).status == "closed"


def test_a_resolved_ticket_is_not_reopened_beside_an_open_one(log: ConversationLog, tickets: Tickets) -> None:
    """The conversation keeps one open ticket; the message names it."""
    first = opened(log, tickets)
    tickets.resolve(first.number, "ana", NOW)
    second = tickets.open(request_for(first.conversation_id))
    with pytest.raises(TicketStateError, match=second.number):
        tickets.reopen(first.number, "ana", later(1))


def test_notes_stay_inside(log: ConversationLog, tickets: Tickets) -> None:
    """A note is in the history, not in the conversation, and changes nothing."""
    ticket = opened(log, tickets)
    assert tickets.note(ticket.number, "ana", "Looks like encoding", later(1)).status == "new"
    assert log.messages(ticket.conversation_id) == ()
    assert tickets.events(ticket.number)[-1].text == "Looks like encoding"


ACTIONS: dict[str, Callable[[Tickets, str], Ticket]] = {
    "reply": lambda tickets, number: tickets.reply(number, "ana", "x", later(9)),
    "assign": lambda tickets, number: tickets.assign(number, "ana", "ana", later(9)),
    "escalate": lambda tickets, number: tickets.escalate(number, "ana", "x", later(9)),
    "resolve": lambda tickets, number: tickets.resolve(number, "ana", later(9)),
    "reopen": lambda tickets, number: tickets.reopen(number, "ana", later(9)),
    "close": lambda tickets, number: tickets.close(number, "ana", later(9)),
    "note": lambda tickets, number: tickets.note(number, "ana", "x", later(9)),
}
WAYS: dict[str, tuple[str, ...]] = {
    "new": (),
    "open": ("assign",),
    "waiting": ("reply",),
    "escalated": ("escalate",),
    "resolved": ("resolve",),
    "reopened": ("resolve", "reopen"),
    "closed": ("resolve", "close"),
}


def test_every_state_and_action_is_in_the_table() -> None:
    """The table knows no other words than these."""
    assert set(ACTIONS) | {"customer_replied"} == set(MOVES)
    assert set(WAYS) == set(STATUSES)
    assert {after for moves in MOVES.values() for after in moves.values()} <= set(STATUSES)


@pytest.mark.parametrize("status", STATUSES)
def test_only_the_moves_of_the_table_can_be_made(log: ConversationLog, tickets: Tickets, status: str) -> None:
    """Each action leads where the table says, or is refused with what is possible and changes nothing."""
    for action, act in ACTIONS.items():
        ticket = opened(log, tickets)
        for step in WAYS[status]:
            ACTIONS[step](tickets, ticket.number)
        before = tickets.get(ticket.number)
        assert before.status == status
        if status in MOVES[action]:
            assert act(tickets, ticket.number).status == MOVES[action][status]
        else:
            said = log.messages(ticket.conversation_id)
            with pytest.raises(TicketStateError, match=", ".join(possible(status))):
                act(tickets, ticket.number)
            assert tickets.get(ticket.number) == before
            assert log.messages(ticket.conversation_id) == said


def test_a_reply_and_a_message_at_the_same_moment_both_stay(log: ConversationLog, database: Database) -> None:
    """Staff and customer may write at once: nothing is lost, doubled or locked for good."""
    ticket = opened(log, Tickets(database))

    def work(n: int) -> None:
        if n % 2:
            Tickets(database).reply(ticket.number, "ana", f"reply {n}", later(n))
        else:
            log.begin_turn(ticket.conversation_id, f"message {n}", f"c{n}", later(n))

    together(work, 8)
    messages = log.messages(ticket.conversation_id)
    assert [message.seq for message in messages] == list(range(1, 9))
    assert sorted(message.role for message in messages) == ["staff"] * 4 + ["user"] * 4
    last = messages[-1].role
    assert Tickets(database).get(ticket.number).status == ("waiting" if last == "staff" else "open")


def test_numbers_grow_with_each_ticket(log: ConversationLog, tickets: Tickets) -> None:
    """The numbers are PR-10001 and on, in the order of opening, over many conversations at once."""
    numbers = together(lambda n: opened(log, tickets, identity=replace(ADA, sub=f"u{n}")).number, 5)
    assert sorted(numbers) == [f"PR-{10001 + n}" for n in range(5)]
