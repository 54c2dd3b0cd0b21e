"""The way to Rasa: one message in, the bot's replies out, over the channel that ``bot/`` serves on the
loopback.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import httpx

from desk.conversations import Conversation, Message, ReplyDraft

logger = logging.getLogger(__name__)

_TIMEOUT = httpx.Timeout(30.0, connect=2.0)
_ATTEMPTS = 2


class RasaUnavailable(Exception):
    """Rasa gave no usable answer; the same message may be sent again later, as one turn."""


class RasaClient:
    """Sends turns to Rasa. ``http`` is closed with it; ``url`` is Rasa's base address."""

    def __init__(self, http: httpx.AsyncClient, url: str, secret: str) -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/webhooks/support/turn"
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def turn(self, conversation: Conversation, message: Message) -> tuple[ReplyDraft, ...]:
        """The bot's replies to one message.

        A broken connection is tried once more at once with the same message id, which Rasa answers as one
        turn. Raises :class:`RasaUnavailable`.
        """
        body = {
            "conversation_id": conversation.id,
            "message_id": message.id,
            "text": message.text,
            "identity": conversation.identity.as_dict(),
            "handler": conversation.handler,
        }
        return _drafts(await self._post(body))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, body: Mapping[str, Any]) -> Any:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                response = await self._http.post(self._url, json=body, headers=self._headers, timeout=_TIMEOUT)
            except httpx.TimeoutException as error:
                raise RasaUnavailable("Rasa did not answer in time") from error
            except httpx.TransportError as error:
                if attempt == _ATTEMPTS:
                    raise RasaUnavailable("Rasa cannot be reached") from error
                continue
            if response.status_code != 200:
                logger.error("Rasa's channel answered %s to message %s", response.status_code, body["message_id"])
                raise RasaUnavailable(f"Rasa's channel answered {response.status_code}")
            try:
                return response.json()
            except ValueError as error:
                raise RasaUnavailable("Rasa's channel did not answer in JSON") from error
        raise RasaUnavailable("Rasa cannot be reached")


def _drafts(body: Any) -> tuple[ReplyDraft, ...]:
    replies = body.get("replies") if isinstance(body, dict) else None
    if not isinstance(replies, list) or not replies:
        raise RasaUnavailable("Rasa's channel answered without a reply")
    try:
        return tuple(_draft(reply) for reply in replies)
    except (KeyError, TypeError, AttributeError) as error:
        raise RasaUnavailable("Rasa's channel answered with an unreadable reply") from error


def _draft(reply: Mapping[str, Any]) -> ReplyDraft:
    return ReplyDraft(
        text=str(reply["text"]),
        decision=reply.get("decision"),
        area=reply.get("area"),
        refusal=reply.get("refusal"),
        intent=reply.get("intent"),
        citations=reply.get("citations") or [],
        buttons=reply.get("buttons") or [],
        ticket=reply.get("ticket"),
        evidence=reply.get("evidence") or {},
    )
