"""The tables of the desk, typed. Rows stay inside this room: callers get frozen values."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from desk.columns import CleanText, Instant

Json = dict[str, Any]
_JSON = JSON(none_as_null=True)
# A ticket in one of the other states is open; a conversation has at most one such.
_OPEN = text("status NOT IN ('resolved', 'closed')")


class Base(DeclarativeBase):
    """All tables of the desk."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: CleanText(),
        datetime: Instant(),
        Json: _JSON,
        list[Json]: _JSON,
    }


class ConversationRow(Base):
    """A conversation. ``last_seq`` is the number of its last message; its row is locked to add one."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(primary_key=True)
    sub: Mapped[str] = mapped_column(index=True)
    identity: Mapped[Json]
    handler: Mapped[str]
    last_seq: Mapped[int]
    created_at: Mapped[datetime]


class MessageRow(Base):
    """A message. A customer's names its turn by ``client_message_id``; replies name it by ``reply_to``."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq", name="messages_one_per_seq"),
        UniqueConstraint("conversation_id", "client_message_id", name="messages_one_per_client_id"),
        Index("messages_by_decision", "decision", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    role: Mapped[str]
    author: Mapped[str | None]
    text: Mapped[str]
    decision: Mapped[str | None]
    area: Mapped[str | None]
    refusal: Mapped[str | None]
    intent: Mapped[Json | None]
    citations: Mapped[list[Json]]
    buttons: Mapped[list[Json]]
    ticket: Mapped[Json | None]
    evidence: Mapped[Json]
    client_message_id: Mapped[str | None]
    reply_to: Mapped[str | None] = mapped_column(index=True)
    turn_finished: Mapped[bool]
    created_at: Mapped[datetime]


class FeedbackRow(Base):
    """Whether a reply helped; the customer's last word on it."""

    __tablename__ = "feedback"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    helpful: Mapped[bool]
    at: Mapped[datetime]


class ArticleFeedbackRow(Base):
    """Whether a revision of a page of the help centre helped a reader; the reader's last word on it."""

    __tablename__ = "article_feedback"

    slug: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    helpful: Mapped[bool]
    at: Mapped[datetime]


class UnansweredMarkRow(Base):
    """What an editor decided about a customer's question that found no good answer."""

    __tablename__ = "unanswered_marks"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    state: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class TicketRow(Base):
    """A ticket; its number is made of ``id``."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("tickets_one_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("tickets_by_status", "status"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    sub: Mapped[str] = mapped_column(index=True)
    account: Mapped[str | None]
    plan: Mapped[str | None]
    name: Mapped[str | None]
    contact: Mapped[str]
    summary: Mapped[str]
    impact: Mapped[str]
    area: Mapped[str | None]
    refusal: Mapped[str | None]
    priority: Mapped[str]
    status: Mapped[str]
    promise: Mapped[Json]
    due_at: Mapped[datetime | None]
    assignee: Mapped[str | None]
    escalation_step: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TicketEventRow(Base):
    """Something that happened to a ticket."""

    __tablename__ = "ticket_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]
    by: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


class StaffRow(Base):
    """An account of a member of staff."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    password_hash: Mapped[str]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AuditRow(Base):
    """Who did what to what, when."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[Json]
    at: Mapped[datetime]
