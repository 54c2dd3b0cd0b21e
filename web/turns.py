"""One turn: the customer's message is logged, the bot is asked unless a person has the conversation, the
replies are logged.

The message is written before anything can fail, and the client's own id names the turn. So a turn that
broke (Rasa down, connection cut, process killed) is run again by sending the same ``client_message_id``,
and one that was finished is read back. Within this process a lock keeps the order of a conversation;
between processes the database and Rasa's own memory of message ids do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from desk.conversations import Conversation, ConversationLog, Message, ReplyDraft, Turn
from desk.identity import Identity
from web.rasa_client import RasaClient, RasaUnavailable


class TurnUnavailable(Exception):
    """The bot cannot be reached; the message is kept and the same client_message_id runs the turn later."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn came to, and who has the conversation after it (``bot`` or ``human``)."""

    message: Message
    replies: tuple[Message, ...]
    handler: str


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Turns:
    """Runs turns, one at a time in each conversation."""

    def __init__(self, log: ConversationLog, rasa: RasaClient, now: Callable[[], datetime]) -> None:
        self._log = log
        self._rasa = rasa
        self._now = now
        self._queues: dict[str, _Queue] = {}
        self._running: set[asyncio.Task[TurnResult]] = set()

    async def run(self, identity: Identity, conversation_id: str, text: str, client_message_id: str) -> TurnResult:
        """Run or repeat one turn. Raises ConversationNotFound and :class:`TurnUnavailable`.

        A caller that goes away does not stop the turn: what was begun is finished and logged.
        """
        task = asyncio.create_task(self._queued(identity, conversation_id, text, client_message_id))
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def drain(self, seconds: float) -> None:
        """Wait for the turns under way, at most this long."""
        if self._running:
            await asyncio.wait(tuple(self._running), timeout=seconds)

    def _forget(self, task: asyncio.Task[TurnResult]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: the caller may have gone away

    async def _queued(self, identity: Identity, conversation_id: str, text: str, client_message_id: str) -> TurnResult:
        async with self._alone(conversation_id):
            conversation, turn = await asyncio.to_thread(self._begin, identity, conversation_id, text, client_message_id)
            if turn.replies is not None:
                return TurnResult(turn.message, turn.replies, conversation.handler)
            drafts = await self._ask(conversation, turn)
            replies, handler = await asyncio.to_thread(self._finish, conversation, turn, drafts)
            return TurnResult(turn.message, replies, handler)

    async def _ask(self, conversation: Conversation, turn: Turn) -> Sequence[ReplyDraft]:
        if conversation.handler == "human":
            return ()
        try:
            return await self._rasa.turn(conversation, turn.message)
        except RasaUnavailable as error:
            raise TurnUnavailable(str(error)) from error

    def _begin(self, identity: Identity, conversation_id: str, text: str, client_message_id: str) -> tuple[Conversation, Turn]:
        conversation = self._log.get(conversation_id, identity.sub)
        if conversation.identity != identity:
            conversation = self._log.touch_identity(conversation_id, identity)
        return conversation, self._log.begin_turn(conversation_id, text, client_message_id, self._now())

    def _finish(self, before: Conversation, turn: Turn, drafts: Sequence[ReplyDraft]) -> tuple[tuple[Message, ...], str]:
        """Log the replies; where a person took over while the bot was thinking, only word of a ticket is
        kept.
        """
        handler = self._log.get(before.id).handler
        if handler == "human" and before.handler == "bot":
            drafts = [draft for draft in drafts if draft.decision == "ticket"]
        return self._log.finish_turn(turn, drafts, self._now()), handler

    @asynccontextmanager
    async def _alone(self, conversation_id: str) -> AsyncIterator[None]:
        """One turn at a time in a conversation; the lock lives only while somebody uses or awaits it."""
        queue = self._queues.setdefault(conversation_id, _Queue())
        queue.waiting += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                del self._queues[conversation_id]
