"""The first schema: conversations, messages, feedback, tickets, staff, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_INSTANT = sa.DateTime(timezone=True)
_OPEN = sa.text("status NOT IN ('resolved', 'closed')")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sub", sa.Text, nullable=False, index=True),
        sa.Column("identity", sa.JSON, nullable=False),
        sa.Column("handler", sa.Text, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("decision", sa.Text),
        sa.Column("area", sa.Text),
        sa.Column("refusal", sa.Text),
        sa.Column("intent", sa.JSON),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("ticket", sa.JSON),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("client_message_id", sa.Text),
        sa.Column("reply_to", sa.Text, index=True),
        sa.Column("turn_finished", sa.Boolean, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("conversation_id", "seq", name="messages_one_per_seq"),
        sa.UniqueConstraint("conversation_id", "client_message_id", name="messages_one_per_client_id"),
    )
    op.create_table(
        "feedback",
        sa.Column("message_id", sa.Text, sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), nullable=False, index=True),
        sa.Column("sub", sa.Text, nullable=False, index=True),
        sa.Column("account", sa.Text),
        sa.Column("plan", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("impact", sa.Text, nullable=False),
        sa.Column("area", sa.Text),
        sa.Column("refusal", sa.Text),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("promise", sa.JSON, nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.Column("assignee", sa.Text),
        sa.Column("escalation_step", sa.Integer, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "tickets_one_open",
        "tickets",
        ["conversation_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("tickets_by_status", "tickets", ["status"])
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False, index=True),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("audit", "staff", "ticket_events", "tickets", "feedback", "messages", "conversations"):
        op.drop_table(table)
