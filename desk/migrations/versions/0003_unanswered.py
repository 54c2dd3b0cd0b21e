"""The editors' work list: what was decided about an unanswered question, and finding answers by their decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "unanswered_marks",
        sa.Column("message_id", sa.Text, sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("messages_by_decision", "messages", ["decision", "created_at"])


def downgrade() -> None:
    op.drop_index("messages_by_decision", "messages")
    op.drop_table("unanswered_marks")
