"""Tickets: opened once a conversation, worked on by staff, with the promise that the customer was given."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.columns import iso
from desk.database import Database
from desk.messages import ReplyDraft, add_message, locked_conversation
from desk.tables import ConversationRow, StaffRow, TicketEventRow, TicketRow
from desk.ticket_moves import (
    IMPACTS,
    LAST_STEP,
    OPEN,
    TicketStateError,
    move,
    possible,
    raised,
    record,
)
from desk.ticket_values import FIRST, Ticket, TicketEvent, TicketRequest, number_of, row_of, ticket_of

__all__ = ["Ticket", "TicketEvent", "TicketNotFound", "TicketRequest", "TicketStateError", "Tickets"]

_NUMBER = re.compile(r"(?:PR-)?(\d{5,9})", re.IGNORECASE | re.ASCII)
_SENIOR = ("senior", "admin")
_RESOLVED = (
    "Ticket {number} has been resolved. The assistant is here for you again; if the problem returns, ask to reopen the ticket."
)


class TicketNotFound(LookupError):
    """There is no ticket of that number."""


class Tickets:
    """Reads and changes tickets. Blocking; threads and processes may share a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, request: TicketRequest) -> Ticket:
        """Open a ticket, or give the conversation's open one. Raises ``ConversationNotFound``."""
        if request.impact not in IMPACTS:
            raise ValueError(f"impact is {request.impact!r}; write one of {', '.join(IMPACTS)}")
        with self._database.write() as session:
            locked_conversation(session, request.conversation_id)
            existing = _open_ticket(session, request.conversation_id)
            if existing is not None:
                return ticket_of(existing)
            row = row_of(request)
            session.add(row)
            session.flush()
            record(session, row, "opened", "customer", request.summary, request.at)
            return ticket_of(row)

    def get(self, number: str) -> Ticket:
        """The ticket of a number such as PR-10001. Raises :class:`TicketNotFound`."""
        with self._database.read() as session:
            return ticket_of(_row(session, number))

    def for_conversation(self, conversation_id: str) -> Ticket | None:
        """The newest ticket of a conversation."""
        return self._newest(TicketRow.conversation_id == conversation_id)

    def newest_of(self, sub: str) -> Ticket | None:
        """The newest ticket of a customer."""
        return self._newest(TicketRow.sub == sub)

    def list(self, status: str | None = None, assignee: str | None = None, *, unresolved: bool = False) -> tuple[Ticket, ...]:
        """Tickets by due time; those without a promised instant stand by their arrival, so that they are not
        forgotten. ``unresolved`` leaves out what is resolved or closed.
        """
        query = select(TicketRow).order_by(func.coalesce(TicketRow.due_at, TicketRow.created_at), TicketRow.id)
        if status is not None:
            query = query.where(TicketRow.status == status)
        if unresolved:
            query = query.where(TicketRow.status.in_(OPEN))
        if assignee is not None:
            query = query.where(TicketRow.assignee == assignee)
        with self._database.read() as session:
            return tuple(ticket_of(row) for row in session.scalars(query))

    def events(self, number: str) -> tuple[TicketEvent, ...]:
        """What happened to a ticket, oldest first. Raises :class:`TicketNotFound`."""
        with self._database.read() as session:
            row = _row(session, number)
            events = session.scalars(select(TicketEventRow).where(TicketEventRow.ticket_id == row.id).order_by(TicketEventRow.id))
            return tuple(TicketEvent(event.kind, event.by, event.text, iso(event.at)) for event in events)

    def reply(self, number: str, staff: str, text: str, at: datetime) -> Ticket:
        """Write to the customer; from now on a person has the conversation."""
        with self._changing(number, "reply", at) as (session, row, conversation):
            add_message(session, conversation, "staff", ReplyDraft(text), at, author=staff)
            conversation.handler = "human"
            record(session, row, "replied", staff, text, at)
        return ticket_of(row)

    def note(self, number: str, by: str, text: str, at: datetime) -> Ticket:
        """Add a note that only staff see."""
        with self._changing(number, "note", at) as (session, row, _):
            record(session, row, "noted", by, text, at)
        return ticket_of(row)

    def assign(self, number: str, assignee: str, by: str, at: datetime) -> Ticket:
        """Give the ticket to a member of staff."""
        with self._changing(number, "assign", at) as (session, row, _):
            row.assignee = assignee
            record(session, row, "assigned", by, assignee, at)
        return ticket_of(row)

    def escalate(self, number: str, by: str, reason: str, at: datetime) -> Ticket:
        """One step up: 2 is a senior technician's review, 3 is prioritised as well.

        An assignee who is no senior gives the ticket back to the seniors' queue.
        """
        with self._changing(number, "escalate", at) as (session, row, _):
            row.escalation_step = min(row.escalation_step + 1, LAST_STEP)
            if row.escalation_step == LAST_STEP:
                row.priority = raised(row.priority)
            if row.assignee is not None:
                staff = session.get(StaffRow, row.assignee)
                row.assignee = row.assignee if staff is not None and staff.role in _SENIOR else None
            record(session, row, "escalated", by, reason, at)
        return ticket_of(row)

    def resolve(self, number: str, by: str, at: datetime) -> Ticket:
        """Close the case; the bot has the conversation again and says so."""
        with self._changing(number, "resolve", at) as (session, row, conversation):
            add_message(session, conversation, "system", ReplyDraft(_RESOLVED.format(number=number_of(row))), at)
            conversation.handler = "bot"
            record(session, row, "resolved", by, "", at)
        return ticket_of(row)

    def reopen(self, number: str, by: str, at: datetime) -> Ticket:
        """Take up a resolved case again, unless the conversation has another open ticket by now."""
        with self._changing(number, "reopen", at) as (session, row, _):
            record(session, row, "reopened", by, "", at)
        return ticket_of(row)

    def close(self, number: str, by: str, at: datetime) -> Ticket:
        """Put a resolved ticket away."""
        with self._changing(number, "close", at) as (session, row, _):
            record(session, row, "closed", by, "", at)
        return ticket_of(row)

    @contextmanager
    def _changing(self, number: str, action: str, at: datetime) -> Iterator[tuple[Session, TicketRow, ConversationRow]]:
        """A ticket moved by ``action``, and its conversation, in one transaction.

        The conversation is locked first, as everywhere, so that nobody can lock the two the other way round.
        Raises :class:`TicketNotFound` and :class:`TicketStateError`.
        """
        with self._database.write() as session:
            conversation = locked_conversation(session, _row(session, number).conversation_id)
            row = _row(session, number, lock=True)
            _check(session, row, action)
            move(row, action, at)
            yield session, row, conversation

    def _newest(self, condition: Any) -> Ticket | None:
        with self._database.read() as session:
            row = session.scalar(select(TicketRow).where(condition).order_by(TicketRow.id.desc()).limit(1))
            return None if row is None else ticket_of(row)


def _check(session: Session, row: TicketRow, action: str) -> None:
    """What the table of states cannot know. Raises :class:`TicketStateError`."""
    others: builtins.list[str] = [name for name in possible(row.status) if name != action]
    if action == "escalate" and row.status == "escalated" and row.escalation_step == LAST_STEP:
        raise TicketStateError(f"the ticket is at the last step of escalation; possible: {', '.join(others)}")
    other = _open_ticket(session, row.conversation_id) if action == "reopen" else None
    if other is not None and other.id != row.id:
        raise TicketStateError(f"the conversation has an open ticket, {number_of(other)}; work on that one")


def _row(session: Session, number: str, *, lock: bool = False) -> TicketRow:
    match = _NUMBER.fullmatch(number.strip())
    row = session.get(TicketRow, int(match.group(1)) - FIRST, with_for_update=lock or None) if match else None
    if row is None:
        raise TicketNotFound(f"there is no ticket {number}")
    return row


def _open_ticket(session: Session, conversation_id: str) -> TicketRow | None:
    return session.scalar(select(TicketRow).where(TicketRow.conversation_id == conversation_id, TicketRow.status.in_(OPEN)))
