"""Messages as values, and the one way in which a message enters a conversation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from desk.columns import iso
from desk.tables import ConversationRow, MessageRow

ROLES = ("user", "bot", "staff", "system")


class ConversationNotFound(LookupError):
    """There is no such conversation, or it belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the contract's M without its HTML; ``created_at`` in ISO 8601, UTC.

    For staff alone: ``evidence`` is what the bot's decision stands on, ``author`` the member of staff who
    wrote.
    """

    id: str
    seq: int
    role: str
    text: str
    created_at: str
    decision: str | None = None
    area: str | None = None
    refusal: str | None = None
    intent: dict[str, Any] | None = None
    citations: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    ticket: dict[str, Any] | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    client_message_id: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """A reply of the bot before it is logged."""

    text: str
    decision: str | None = None
    area: str | None = None
    refusal: str | None = None
    intent: Mapping[str, Any] | None = None
    citations: Sequence[Mapping[str, Any]] = ()
    buttons: Sequence[Mapping[str, Any]] = ()
    ticket: Mapping[str, Any] | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def locked_conversation(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation, locked until the transaction ends: who adds to it, or changes its ticket, comes
    through here.

    Raises :class:`ConversationNotFound`.
    """
    row = session.get(ConversationRow, conversation_id, with_for_update=True)
    if row is None:
        raise ConversationNotFound(f"there is no conversation {conversation_id}")
    return row


def add_message(
    session: Session,
    conversation: ConversationRow,
    role: str,
    draft: ReplyDraft,
    at: datetime,
    *,
    author: str | None = None,
    client_message_id: str | None = None,
    reply_to: str | None = None,
) -> MessageRow:
    """Add the next message of a locked conversation; it is written when the transaction is committed."""
    conversation.last_seq += 1
    row = MessageRow(
        id=str(uuid.uuid4()),
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        role=role,
        author=author,
        text=draft.text,
        decision=draft.decision,
        area=draft.area,
        refusal=draft.refusal,
        intent=_plain(draft.intent),
        citations=[dict(item) for item in draft.citations],
        buttons=[dict(item) for item in draft.buttons],
        ticket=_plain(draft.ticket),
        evidence=dict(draft.evidence),
        client_message_id=client_message_id,
        reply_to=reply_to,
        turn_finished=False,
        created_at=at,
    )
    session.add(row)
    session.flush()
    session.refresh(row)  # what the database holds is what every later reader gets
    return row


def message_of(row: MessageRow) -> Message:
    """The value of a row."""
    return Message(
        id=row.id,
        seq=row.seq,
        role=row.role,
        text=row.text,
        created_at=iso(row.created_at),
        decision=row.decision,
        area=row.area,
        refusal=row.refusal,
        intent=row.intent,
        citations=row.citations,
        buttons=row.buttons,
        ticket=row.ticket,
        evidence=row.evidence,
        client_message_id=row.client_message_id,
        author=row.author,
    )


def _plain(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if value is None else dict(value)
