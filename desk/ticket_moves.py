"""The life of a ticket: which action leads from which state to which, in one table, and how urgent a ticket
is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.tables import TicketEventRow, TicketRow

STATUSES = ("new", "open", "waiting", "escalated", "resolved", "reopened", "closed")
OPEN = ("new", "open", "waiting", "escalated", "reopened")
PRIORITIES = ("low", "normal", "high", "urgent")
IMPACTS = ("me", "several", "everyone")
LAST_STEP = 3
PRIORITY_PLAN = "enterprise"

# action -> state -> state after it. What is not here cannot be done.
MOVES: Mapping[str, Mapping[str, str]] = {
    "customer_replied": {"waiting": "open"},
    "reply": dict.fromkeys(OPEN, "waiting"),
    "assign": {"new": "open", **{status: status for status in OPEN if status != "new"}},
    "escalate": dict.fromkeys(OPEN, "escalated"),
    "resolve": dict.fromkeys(OPEN, "resolved"),
    "reopen": {"resolved": "reopened", "closed": "reopened"},
    "close": {"resolved": "closed"},
    "note": {status: status for status in STATUSES},
}


class TicketStateError(ValueError):
    """The ticket's state does not allow the action; the message says what is possible."""


def possible(status: str) -> tuple[str, ...]:
    """What people can do to a ticket in that state."""
    return tuple(action for action, moves in MOVES.items() if status in moves and action != "customer_replied")


def move(row: TicketRow, action: str, at: datetime) -> None:
    """Change the state as the table says. Raises :class:`TicketStateError`."""
    after = MOVES[action].get(row.status)
    if after is None:
        can = ", ".join(possible(row.status))
        raise TicketStateError(f"a ticket that is {row.status} cannot take {action!r}; possible: {can}")
    row.status = after
    row.updated_at = at


def record(session: Session, row: TicketRow, kind: str, by: str, text: str, at: datetime) -> None:
    """Add an event to a ticket's history."""
    session.add(TicketEventRow(ticket_id=row.id, kind=kind, by=by, text=text, at=at))


def customer_wrote(session: Session, conversation_id: str, at: datetime) -> None:
    """A ticket that waited for the customer is open again; other tickets stay as they are."""
    row = session.scalar(select(TicketRow).where(TicketRow.conversation_id == conversation_id, TicketRow.status == "waiting"))
    if row is not None:
        move(row, "customer_replied", at)
        record(session, row, "customer_replied", "customer", "", at)


def priority_of(impact: str, area: str | None, refusal: str | None, plan: str | None) -> str:
    """How urgent a ticket is: by whom it affects and whether it is technical; Enterprise goes one up."""
    if refusal:
        base = "low"
    elif impact == "everyone":
        base = "urgent" if area == "technical" else "high"
    elif impact == "several":
        base = "high" if area == "technical" else "normal"
    else:
        base = "normal"
    return raised(base) if (plan or "").lower() == PRIORITY_PLAN else base


def raised(priority: str) -> str:
    """One step more urgent, if there is one."""
    return PRIORITIES[min(PRIORITIES.index(priority) + 1, len(PRIORITIES) - 1)]
