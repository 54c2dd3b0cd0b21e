"""The widget's interface: conversations, messages, feedback and the policy's version."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from desk.conversations import ConversationNotFound, MessageNotFound
from web import messages, requests
from web.events import EventStreams
from web.identity import Verified
from web.parts import Parts
from web.problems import bad_request, not_found, too_many, unavailable
from web.rate_limit import RateLimiter
from web.turns import Turns, TurnUnavailable

_NO_CONVERSATION = "There is no such conversation."
_KEPT = (
    "The assistant cannot be reached right now. Your message is kept; send it again with the same "
    "client_message_id to get the answer."
)


class ConversationsApi:
    """Handlers of /api/v1/conversations and /api/v1/policy."""

    def __init__(self, parts: Parts, turns: Turns) -> None:
        self._parts = parts
        self._turns = turns
        self._limiter = RateLimiter(parts.options.messages)
        self._streams = EventStreams(parts)

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("conversations", url_prefix="/api/v1")
        one = "/conversations/<conversation_id:str>"
        routes.add_route(self.start, "/conversations", methods=["POST"])
        routes.add_route(self.say, f"{one}/messages", methods=["POST"], name="say")
        routes.add_route(self.read, f"{one}/messages", methods=["GET"], name="read")
        routes.add_route(self.events, f"{one}/events", methods=["GET"])
        routes.add_route(self.feedback, f"{one}/feedback", methods=["POST"])
        routes.add_route(self.policy, "/policy", methods=["GET"])
        return routes

    async def start(self, request: Request) -> HTTPResponse:
        """POST /conversations: a new conversation of the bearer."""
        verified = self._admit(request)
        conversation = await asyncio.to_thread(self._parts.log.start, verified.identity, self._parts.now())
        body = {"conversation_id": conversation.id}
        return json(body, status=201, headers={"Location": f"/api/v1/conversations/{conversation.id}/messages"})

    async def say(self, request: Request, conversation_id: str) -> HTTPResponse:
        """POST /conversations/{id}/messages: one turn."""
        verified = self._admit(request)
        fields = requests.body(request)
        text = requests.text_field(fields, "text")
        client_message_id = requests.client_message_id(fields)
        try:
            result = await self._turns.run(verified.identity, conversation_id, text, client_message_id)
        except ConversationNotFound:
            raise not_found(_NO_CONVERSATION) from None
        except TurnUnavailable:
            raise unavailable(_KEPT) from None
        return json(
            {
                "message": messages.contract(result.message),
                "replies": [messages.contract(reply) for reply in result.replies],
                "handler": result.handler,
            }
        )

    async def read(self, request: Request, conversation_id: str) -> HTTPResponse:
        """GET /conversations/{id}/messages?after=SEQ: what was said, in order."""
        verified = requests.customer(request, self._parts.verifier)
        after = requests.sequence(request)
        body = await asyncio.to_thread(self._read, verified.identity.sub, conversation_id, after)
        return json(body)

    def _read(self, sub: str, conversation_id: str, after: int) -> dict[str, Any]:
        try:
            conversation = self._parts.log.get(conversation_id, sub)
        except ConversationNotFound:
            raise not_found(_NO_CONVERSATION) from None
        found = self._parts.log.messages(conversation_id, after)
        return {
            "conversation_id": conversation_id,
            "handler": conversation.handler,
            "messages": [messages.contract(message) for message in found],
        }

    async def events(self, request: Request, conversation_id: str) -> HTTPResponse | None:
        """GET /conversations/{id}/events: bot, staff and system messages as they come."""
        verified = requests.customer(request, self._parts.verifier)
        after = requests.sequence(request)
        try:
            await asyncio.to_thread(self._parts.log.get, conversation_id, verified.identity.sub)
        except ConversationNotFound:
            raise not_found(_NO_CONVERSATION) from None
        await self._streams.serve(request, conversation_id, verified, after)
        return None

    async def feedback(self, request: Request, conversation_id: str) -> HTTPResponse:
        """POST /conversations/{id}/feedback: whether a reply helped."""
        verified = self._admit(request)
        fields = requests.body(request)
        message_id = requests.text_field(fields, "message_id", longest=64)
        helpful = fields.get("helpful")
        if not isinstance(helpful, bool):
            raise bad_request("invalid-helpful", "The field helpful must be true or false.")
        await asyncio.to_thread(self._feedback, verified.identity.sub, conversation_id, message_id, helpful)
        return empty()

    def _feedback(self, sub: str, conversation_id: str, message_id: str, helpful: bool) -> None:
        try:
            self._parts.log.get(conversation_id, sub)
            self._parts.log.record_feedback(conversation_id, message_id, helpful, self._parts.now())
        except ConversationNotFound:
            raise not_found(_NO_CONVERSATION) from None
        except MessageNotFound:
            raise not_found("There is no such reply in this conversation.") from None

    async def policy(self, request: Request) -> HTTPResponse:
        """GET /policy: version, effective date and what changed; public, as the policy is."""
        policy = self._parts.policy
        return json(
            {
                "version": policy.version,
                "effective": policy.effective.isoformat(),
                "changes": [
                    {"version": change.version, "date": change.date.isoformat(), "summary": change.summary}
                    for change in policy.changes
                ],
            }
        )

    def _admit(self, request: Request) -> Verified:
        """A verified customer within the allowance."""
        verified = requests.customer(request, self._parts.verifier)
        wait = self._limiter.wait(verified.identity.sub)
        if wait:
            raise too_many(wait, "Too many messages in a short time. Wait a moment and try again.")
        return verified
