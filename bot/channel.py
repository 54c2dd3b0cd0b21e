"""The channel between the web process and Rasa: one authenticated route, one turn a call, whole replies back.

Identity comes from the web process alone (it verified the customer's token); the shared secret keeps everyone else out.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from weakref import WeakValueDictionary

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

import settings
from bot.choices import chosen

logger = logging.getLogger(__name__)

REQUIRED = ("conversation_id", "message_id", "text", "identity")
REPLY_FIELDS = ("decision", "area", "refusal", "intent", "citations", "buttons", "ticket", "evidence")


class Stores(Protocol):
    """What of Rasa's agent a turn needs."""

    tracker_store: TrackerStore
    lock_store: LockStore


class RepliesChannel(OutputChannel):
    """Collects the bot's messages whole, where Rasa's own collector splits text, buttons and custom data apart."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Name under which Rasa logs what was sent here."""
        return "support"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one utterance of the bot."""
        self.messages.append(dict(message))


class SupportChannel(InputChannel):
    """``POST /webhooks/support/turn`` runs one turn; ``GET /webhooks/support/`` says whether a model is loaded."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        """The path segment below ``/webhooks``."""
        return "support"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> SupportChannel:
        """Built by Rasa from ``credentials.yml``; the secret comes from the settings, never from that file."""
        return cls(settings.load().channel_secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes."""
        routes = Blueprint("support_channel")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return json({"status": "loading", "model": None})
            return json({"status": "ok", "model": agent.model_id})

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._authentic(request):
                return json({"error": "the channel secret is missing or wrong"}, status=401)
            body = request.json
            if not is_turn(body):
                return json({"error": f"a turn needs {', '.join(REQUIRED)}"}, status=400)
            replies = await self.run_alone(body, request.app.ctx.agent, on_new_message)
            if not replies:
                return json({"error": "the turn brought no reply; the action server may be down"}, status=503)
            return json({"replies": replies})

        return routes

    async def run_alone(
        self, body: Mapping[str, Any], agent: Stores, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> list[dict[str, Any]]:
        """Run a turn while no other of its conversation runs, in this process or in any that shares the lock store (Redis).

        Rasa's own lock, taken inside, is too late: by then it was looked up whether the message is new. The lock of the
        process comes first, as waiting for the store's is polling.
        """
        conversation_id = str(body["conversation_id"])
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock, agent.lock_store.lock(f"turn {conversation_id}"):
            return await run_turn(body, agent.tracker_store, on_new_message)

    def _authentic(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._secret}".encode())


async def run_turn(
    body: Mapping[str, Any], store: TrackerStore, on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> list[dict[str, Any]]:
    """Run a turn once: a message id that the tracker already holds with replies brings these replies again."""
    conversation_id, message_id = str(body["conversation_id"]), str(body["message_id"])
    before = await _tracker(store, conversation_id)
    messages = replies_to(before, message_id) if before else []
    if not messages:
        output = RepliesChannel()
        metadata = {"identity": body["identity"], "message_id": message_id, "conversation_id": conversation_id}
        await on_new_message(
            UserMessage(
                meant(plain_text(str(body["text"])), before),
                output,
                conversation_id,
                input_channel=SupportChannel.name(),
                message_id=message_id,
                metadata=metadata,
            )
        )
        messages = output.messages
    replies = [reply(message) for message in messages if message.get("text") or message.get("custom")]
    if any(not item["intent"] for item in replies):
        await _name_intent(replies, store, conversation_id, message_id)
    return replies


def is_turn(body: Any) -> bool:
    """Whether the body has all that a turn needs: three texts that are not empty, and an identity with its ``sub``."""
    if not isinstance(body, dict) or not isinstance(body.get("identity"), dict) or not body["identity"].get("sub"):
        return False
    return all(isinstance(body.get(key), str) and body[key] for key in REQUIRED if key != "identity")


def plain_text(text: str) -> str:
    """A leading slash would let a customer name an intent or set slots (Rasa's regex short cut), so it goes."""
    return re.sub(r"^[\s/]+", "", text).strip() or "?"


def meant(text: str, before: DialogueStateTracker | None) -> str:
    """What a message means: the payload of a button of the last reply that it names, or itself."""
    last = _last_utterance(before) if before else None
    buttons = (last.data or {}).get("buttons") or [] if last else []
    # "3" in answer to "who is affected?" is a number of people.
    counted = before is not None and before.get_slot("requested_slot") == "ticket_impact"
    return chosen(text, buttons, by_number=not counted) or text


def _last_utterance(tracker: DialogueStateTracker) -> BotUttered | None:
    return next((event for event in reversed(tracker.events) if isinstance(event, BotUttered)), None)


def replies_to(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]]:
    """The bot's utterances between the customer's message of that id and the next one."""
    found, messages = False, []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            found = event.message_id == message_id
        elif found and isinstance(event, BotUttered):
            messages.append(event.message())
    return messages


def reply(message: Mapping[str, Any]) -> dict[str, Any]:
    """One utterance in the shape of the web process; a response of the domain carries its decision under ``custom``."""
    custom = dict(message.get("custom") or {})
    custom.setdefault("decision", "smalltalk")
    shaped = {field: custom.get(field) for field in REPLY_FIELDS}
    shaped["text"] = message.get("text") or custom.get("text") or ""
    shaped["buttons"] = [
        {"title": button["title"], "payload": button.get("payload", button["title"])}
        for button in message.get("buttons") or custom.get("buttons") or []
    ]
    shaped["citations"] = shaped["citations"] or []
    shaped["evidence"] = shaped["evidence"] or {}
    return shaped


async def _name_intent(replies: list[dict[str, Any]], store: TrackerStore, conversation_id: str, message_id: str) -> None:
    """Responses of the domain do not know the intent they answer; the tracker does."""
    tracker = await _tracker(store, conversation_id)
    events = reversed(tracker.events) if tracker else iter(())
    for event in events:
        if isinstance(event, UserUttered) and event.message_id == message_id:
            intent = {key: event.intent.get(key) for key in ("name", "confidence")}
            for item in replies:
                item["intent"] = item["intent"] or intent
            return


async def _tracker(store: TrackerStore, conversation_id: str) -> DialogueStateTracker | None:
    return await store.retrieve_full_tracker(conversation_id)
