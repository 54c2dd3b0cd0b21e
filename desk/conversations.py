"""The conversation log: the single source of what was said.

A turn is a customer's message and the replies to it. ``begin_turn`` writes the message before anything can
fail; ``finish_turn`` writes the replies all together. The client's own id names the turn, so a turn that was
sent twice is one turn, and one that broke off in the middle can be run again under the same message id.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.columns import iso
from desk.database import Database
from desk.identity import Identity
from desk.messages import (
    ROLES,
    ConversationNotFound,
    Message,
    ReplyDraft,
    add_message,
    locked_conversation,
    message_of,
)
from desk.tables import ConversationRow, FeedbackRow, MessageRow
from desk.ticket_moves import customer_wrote

__all__ = [
    "HANDLERS",
    "Conversation",
    "ConversationLog",
    "ConversationNotFound",
    "Message",
    "MessageNotFound",
    "ReplyDraft",
    "Turn",
]

HANDLERS = ("bot", "human")


class MessageNotFound(LookupError):
    """There is no such message in the conversation, or not of the kind that is asked for."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; ``identity`` is the newest verified one, ``handler`` is "bot" or "human"."""

    id: str
    sub: str
    identity: Identity
    handler: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn begun. ``fresh`` says that this call wrote the message; ``replies`` is None until the turn is
    finished.
    """

    conversation_id: str
    message: Message
    replies: tuple[Message, ...] | None
    fresh: bool


class ConversationLog:
    """Reads and writes conversations. Blocking; threads and processes may share a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, identity: Identity, at: datetime) -> Conversation:
        """A new conversation, handled by the bot."""
        with self._database.write() as session:
            row = ConversationRow(
                id=str(uuid.uuid4()),
                sub=identity.sub,
                identity=identity.as_dict(),
                handler="bot",
                last_seq=0,
                created_at=at,
            )
            session.add(row)
            session.flush()
            return _conversation_of(row)

    def get(self, conversation_id: str, sub: str | None = None) -> Conversation:
        """The conversation; with ``sub``, only if it is that customer's. Raises
        :class:`ConversationNotFound`.
        """
        with self._database.read() as session:
            row = session.get(ConversationRow, conversation_id)
            if row is None or (sub is not None and row.sub != sub):
                raise ConversationNotFound(f"there is no conversation {conversation_id}")
            return _conversation_of(row)

    def touch_identity(self, conversation_id: str, identity: Identity) -> Conversation:
        """Keep the newest verified identity of the same customer. Raises :class:`ConversationNotFound`."""
        with self._database.write() as session:
            row = locked_conversation(session, conversation_id)
            if row.sub != identity.sub:
                raise ConversationNotFound(f"there is no conversation {conversation_id}")
            row.identity = identity.as_dict()
            return _conversation_of(row)

    def set_handler(self, conversation_id: str, handler: str) -> None:
        """Who answers from now on: "bot" or "human". Raises :class:`ConversationNotFound`."""
        if handler not in HANDLERS:
            raise ValueError(f"handler is {handler!r}; write one of {', '.join(HANDLERS)}")
        with self._database.write() as session:
            locked_conversation(session, conversation_id).handler = handler

    def begin_turn(self, conversation_id: str, text: str, client_message_id: str, at: datetime) -> Turn:
        """Write the customer's message, once for each ``client_message_id``; a repeat gives the first one
        back.

        A new message tells a ticket that waited for the customer. Raises :class:`ConversationNotFound`.
        """
        with self._database.write() as session:
            conversation = locked_conversation(session, conversation_id)
            known = session.scalar(
                select(MessageRow).where(
                    MessageRow.conversation_id == conversation_id,
                    MessageRow.client_message_id == client_message_id,
                )
            )
            if known is not None:
                replies = _replies(session, known) if known.turn_finished else None
                return Turn(conversation_id, message_of(known), replies, fresh=False)
            row = add_message(session, conversation, "user", ReplyDraft(text), at, client_message_id=client_message_id)
            customer_wrote(session, conversation_id, at)
            return Turn(conversation_id, message_of(row), None, fresh=True)

    def finish_turn(self, turn: Turn, replies: Sequence[ReplyDraft], at: datetime) -> tuple[Message, ...]:
        """Write the replies and close the turn. Who comes second gets the first's replies, and nothing is
        written.
        """
        with self._database.write() as session:
            conversation = locked_conversation(session, turn.conversation_id)
            asked = _message(session, turn.conversation_id, turn.message.id)
            if asked.turn_finished:
                return _replies(session, asked)
            asked.turn_finished = True
            rows = [add_message(session, conversation, "bot", draft, at, reply_to=asked.id) for draft in replies]
            return tuple(message_of(row) for row in rows)

    def append(
        self,
        conversation_id: str,
        role: str,
        text: str,
        at: datetime,
        *,
        author: str | None = None,
        **fields: Any,
    ) -> Message:
        """Add a message that is no turn; ``fields`` are those of :class:`ReplyDraft`. Raises
        :class:`ConversationNotFound`.
        """
        if role not in ROLES:
            raise ValueError(f"role is {role!r}; write one of {', '.join(ROLES)}")
        with self._database.write() as session:
            conversation = locked_conversation(session, conversation_id)
            return message_of(add_message(session, conversation, role, ReplyDraft(text, **fields), at, author=author))

    def messages(self, conversation_id: str, after: int = 0) -> tuple[Message, ...]:
        """The messages whose ``seq`` is greater than ``after``, in order."""
        with self._database.read() as session:
            rows = session.scalars(
                select(MessageRow)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after)
                .order_by(MessageRow.seq)
            )
            return tuple(message_of(row) for row in rows)

    def record_feedback(self, conversation_id: str, message_id: str, helpful: bool, at: datetime) -> None:
        """Keep whether a reply of the bot or of staff helped; the last word counts. Raises
        :class:`MessageNotFound`.
        """
        with self._database.write() as session:
            locked_conversation(session, conversation_id)
            if _message(session, conversation_id, message_id).role not in ("bot", "staff"):
                raise MessageNotFound(f"message {message_id} is no reply")
            session.merge(FeedbackRow(message_id=message_id, helpful=helpful, at=at))

    def feedback(self, conversation_id: str) -> dict[str, bool]:
        """Whether replies helped, by message id."""
        with self._database.read() as session:
            rows = session.execute(
                select(FeedbackRow.message_id, FeedbackRow.helpful)
                .join(MessageRow, MessageRow.id == FeedbackRow.message_id)
                .where(MessageRow.conversation_id == conversation_id)
            )
            return {message_id: helpful for message_id, helpful in rows}


def _conversation_of(row: ConversationRow) -> Conversation:
    return Conversation(row.id, row.sub, Identity.from_dict(row.identity), row.handler, iso(row.created_at))


def _message(session: Session, conversation_id: str, message_id: str) -> MessageRow:
    row = session.get(MessageRow, message_id)
    if row is None or row.conversation_id != conversation_id:
        raise MessageNotFound(f"there is no message {message_id} in conversation {conversation_id}")
    return row


def _replies(session: Session, asked: MessageRow) -> tuple[Message, ...]:
    rows = session.scalars(select(MessageRow).where(MessageRow.reply_to == asked.id).order_by(MessageRow.seq))
    return tuple(message_of(row) for row in rows)
