"""Who did what to what, when: written once, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from desk.columns import iso
from desk.database import Database
from desk.tables import AuditRow

_LAST_ID = 2**31 - 1  # the largest number that PostgreSQL compares with an integer column; beyond it the query fails


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; ``at`` in ISO 8601, UTC; ``id`` counts up."""

    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    at: str
    id: int = field(default=0, compare=False)


class Auditable(Protocol):
    """What other rooms did and tell: an event of the index's history is one."""

    def audit_entry(self) -> tuple[str, str, str, dict[str, Any], datetime]:
        """Actor, action, subject, detail and instant."""


class AuditLog:
    """Writes and reads the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, actor: str, action: str, subject: str, detail: Mapping[str, Any], at: datetime) -> None:
        """Add an entry, such as ("ana", "ticket.resolve", "PR-10001", {}, now)."""
        with self._database.write() as session:
            session.add(AuditRow(actor=actor, action=action, subject=subject, detail=dict(detail), at=at))

    def enter(self, event: Auditable) -> None:
        """Add what another room tells; as the observer of an index this gets builds, publications, refusals and rollbacks."""
        self.record(*event.audit_entry())

    def list(self, subject: str | None = None) -> tuple[AuditEntry, ...]:
        """The entries, oldest first; with ``subject``, only those about it."""
        query = select(AuditRow).order_by(AuditRow.id)
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        with self._database.read() as session:
            return tuple(_entry(row) for row in session.scalars(query))

    def newest(
        self, count: int, *, before: int | None = None, actor: str | None = None, action: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The ``count`` newest entries, newest first; with ``before``, of those older than the entry of that id.

        ``actor`` lets one person's through, ``action`` one action's or, ending in a dot, one family's, such as ``kb.``.
        """
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(count)
        if before is not None:
            query = query.where(AuditRow.id < min(before, _LAST_ID))
        if actor is not None:
            query = query.where(AuditRow.actor == actor)
        if action is not None:
            family = action.endswith(".")
            query = query.where(AuditRow.action.startswith(action, autoescape=True) if family else AuditRow.action == action)
        with self._database.read() as session:
            return tuple(_entry(row) for row in session.scalars(query))


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.actor, row.action, row.subject, row.detail, iso(row.at), row.id)
