"""Tickets as values, and how they are made of rows and rows of requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.columns import iso
from desk.identity import Identity
from desk.tables import TicketRow
from desk.ticket_moves import priority_of
from policy.clock import Promise

# Numbers count from here, so that the first ticket is PR-10001.
FIRST = 10_000


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """What a ticket is opened with; ``impact`` is "me", "several" or "everyone"."""

    conversation_id: str
    identity: Identity
    summary: str
    impact: str
    contact: str
    area: str | None
    refusal: str | None
    promise: Promise
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; instants in ISO 8601. ``reply_by`` is the promised instant in the customer's offset,
    ``due_at`` the same in UTC.

    Both are None where no instant was promised. ``promise`` is the JSON object that the clock made, as it was
    given.
    """

    number: str
    conversation_id: str
    sub: str
    account: str | None
    plan: str | None
    name: str | None
    contact: str
    summary: str
    impact: str
    area: str | None
    refusal: str | None
    priority: str
    status: str
    promise: dict[str, Any]
    reply_by: str | None
    certainty: str
    policy_version: str
    due_at: str | None
    assignee: str | None
    escalation_step: int
    created_at: str
    updated_at: str

    def as_contract(self) -> dict[str, Any]:
        """The contract's ticket, as a message carries it."""
        names = ("number", "status", "priority", "area", "reply_by", "certainty", "policy_version")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """Something that happened to a ticket; ``by`` is a member of staff or "customer"."""

    kind: str
    by: str
    text: str
    at: str


def row_of(request: TicketRequest) -> TicketRow:
    """The row of a new ticket."""
    identity = request.identity
    return TicketRow(
        conversation_id=request.conversation_id,
        sub=identity.sub,
        account=identity.account,
        plan=identity.plan,
        name=identity.name,
        contact=request.contact,
        summary=request.summary,
        impact=request.impact,
        area=request.area,
        refusal=request.refusal,
        priority=priority_of(request.impact, request.area, request.refusal, identity.plan),
        status="new",
        promise=request.promise.as_json(),
        due_at=request.promise.reply_by,
        assignee=None,
        escalation_step=1,
        created_at=request.at,
        updated_at=request.at,
    )


def number_of(row: TicketRow) -> str:
    """The number by which people call a ticket; the row must have been flushed."""
    return f"PR-{FIRST + row.id}"


def ticket_of(row: TicketRow) -> Ticket:
    """The value of a row."""
    return Ticket(
        number=number_of(row),
        conversation_id=row.conversation_id,
        sub=row.sub,
        account=row.account,
        plan=row.plan,
        name=row.name,
        contact=row.contact,
        summary=row.summary,
        impact=row.impact,
        area=row.area,
        refusal=row.refusal,
        priority=row.priority,
        status=row.status,
        promise=row.promise,
        reply_by=row.promise["reply_by"],
        certainty=row.promise["certainty"],
        policy_version=row.promise["policy_version"],
        due_at=iso(row.due_at) if row.due_at else None,
        assignee=row.assignee,
        escalation_step=row.escalation_step,
        created_at=iso(row.created_at),
        updated_at=iso(row.updated_at),
    )
