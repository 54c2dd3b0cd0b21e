"""What staff do to a ticket: one place for the console's forms and the JSON interface alike. Blocking: call
in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.conversations import Message
from desk.staff import Staff
from desk.tickets import Ticket, TicketEvent, TicketNotFound, TicketStateError
from web.parts import Parts
from web.problems import Problem, bad_request, not_found
from web.requests import text_field

Fields = dict[str, Any]


class DeskActions:
    """Reads and changes tickets in the name of a member of staff; problems tell what is possible."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._actions: dict[str, Callable[[str, Staff, Fields], object]] = {
            "reply": self._reply,
            "note": self._note,
            "assign": self._assign,
            "escalate": self._escalate,
            "resolve": self._resolve,
            "reopen": self._reopen,
            "close": self._close,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The actions there are."""
        return tuple(self._actions)

    def perform(self, action: str, number: str, staff: Staff, fields: Fields) -> Ticket:
        """Do one action and return the ticket after it. Raises 400, 404 and 409 problems."""
        self.get(number)
        try:
            self._actions[action](number, staff, fields)
        except TicketStateError as error:
            raise Problem(409, "ticket-state", str(error)) from None
        self._parts.audit.record(staff.name, f"ticket.{action}", number, {}, self._parts.now())
        return self.get(number)

    def get(self, number: str) -> Ticket:
        """One ticket. Raises a 404 problem."""
        try:
            return self._parts.tickets.get(number)
        except TicketNotFound:
            raise not_found(f"There is no ticket {number}." if number.isascii() else "There is no such ticket.") from None

    def list(self, status: str | None, assignee: str | None, *, unresolved: bool = False) -> tuple[Ticket, ...]:
        """Tickets by due time; filters that are None let all through."""
        return self._parts.tickets.list(status, assignee, unresolved=unresolved)

    def transcript(self, ticket: Ticket) -> tuple[Message, ...]:
        """All that was said in the ticket's conversation."""
        return tuple(self._parts.log.messages(ticket.conversation_id))

    def events(self, number: str) -> tuple[dict[str, Any], ...]:
        """What happened to a ticket, oldest first: kind, by, text and at of each event."""
        return tuple(_event(event) for event in self._parts.tickets.events(number))

    def _reply(self, number: str, staff: Staff, fields: Fields) -> None:
        self._parts.tickets.reply(number, staff.name, text_field(fields, "text"), self._parts.now())

    def _note(self, number: str, staff: Staff, fields: Fields) -> None:
        self._parts.tickets.note(number, staff.name, text_field(fields, "text"), self._parts.now())

    def _assign(self, number: str, staff: Staff, fields: Fields) -> None:
        assignee = text_field(fields, "assignee", longest=100) if fields.get("assignee") else staff.name
        if self._parts.staff.get(assignee) is None:
            raise bad_request("invalid-assignee", "There is no member of staff by that name.")
        self._parts.tickets.assign(number, assignee, staff.name, self._parts.now())

    def _escalate(self, number: str, staff: Staff, fields: Fields) -> None:
        self._parts.tickets.escalate(number, staff.name, text_field(fields, "reason", longest=2000), self._parts.now())

    def _resolve(self, number: str, staff: Staff, fields: Fields) -> None:
        self._parts.tickets.resolve(number, staff.name, self._parts.now())

    def _reopen(self, number: str, staff: Staff, fields: Fields) -> None:
        self._parts.tickets.reopen(number, staff.name, self._parts.now())

    def _close(self, number: str, staff: Staff, fields: Fields) -> None:
        self._parts.tickets.close(number, staff.name, self._parts.now())


def _event(event: TicketEvent) -> dict[str, Any]:
    return {"kind": event.kind, "by": event.by, "text": event.text, "at": event.at}
