"""Who did what to what, when: written once, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk.columns import iso
from desk.database import Database
from desk.tables import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; ``at`` in ISO 8601, UTC."""

    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    at: str


class AuditLog:
    """Writes and reads the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, actor: str, action: str, subject: str, detail: Mapping[str, Any], at: datetime) -> None:
        """Add an entry, such as ("ana", "ticket.resolve", "PR-10001", {}, now)."""
        with self._database.write() as session:
            session.add(AuditRow(actor=actor, action=action, subject=subject, detail=dict(detail), at=at))

    def list(self, subject: str | None = None) -> tuple[AuditEntry, ...]:
        """The entries, oldest first; with ``subject``, only those about it."""
        query = select(AuditRow).order_by(AuditRow.id)
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        with self._database.read() as session:
            rows = session.scalars(query)
            return tuple(AuditEntry(row.actor, row.action, row.subject, row.detail, iso(row.at)) for row in rows)
