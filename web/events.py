"""Server-sent events: what the bot, staff and the system say, as it is logged.

The database is the source, so a stream tells what any process wrote, and a reconnect with Last-Event-ID
misses nothing. The log is polled about once a second: a person's reply is no worse for that, and no broker
has to run.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from sanic import Request
from ujson import dumps

from desk.conversations import Message
from web import messages
from web.identity import Verified
from web.parts import Parts
from web.problems import too_many

Send = Callable[[str], Awaitable[object]]

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStreams:
    """Serves event streams, a few at a time to each customer."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._open: Counter[str] = Counter()

    async def serve(self, request: Request, conversation_id: str, verified: Verified, after: int) -> None:
        """Send events until the client goes, the token expires or the process stops."""
        sub = verified.identity.sub
        if self._open[sub] >= self._parts.options.streams_per_customer:
            raise too_many(5, "Too many event streams are open for this customer. Close one.")
        self._open[sub] += 1
        try:
            response = await request.respond(content_type="text/event-stream", headers=_HEADERS)
            await response.send("retry: 2000\n\n")
            await self._follow(response.send, conversation_id, after, verified.expires)
            await response.eof()
        finally:
            self._open[sub] -= 1
            if not self._open[sub]:
                del self._open[sub]

    async def _follow(self, send: Send, conversation_id: str, after: int, expires: float) -> None:
        options, stopping = self._parts.options, self._parts.stopping
        sent_at = time.monotonic()
        while not stopping.is_set() and time.time() < expires:
            found = await asyncio.to_thread(self._parts.log.messages, conversation_id, after)
            for message in found:
                after = message.seq
                if message.role != "user":
                    await send(event(message))
                    sent_at = time.monotonic()
            if time.monotonic() - sent_at >= options.heartbeat:
                await send(": still here\n\n")
                sent_at = time.monotonic()
            await _pause(stopping, options.poll_interval)


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    """Sleep, but wake at once when the process stops."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except asyncio.TimeoutError:
        return


def event(message: Message) -> str:
    """One message as an event whose id is its sequence number; JSON has no raw line ends, so one data line
    holds it.
    """
    return f"id: {message.seq}\nevent: message\ndata: {dumps(messages.contract(message))}\n\n"
