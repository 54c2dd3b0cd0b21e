"""A conversation as Rasa holds it: calls actions through rasa_sdk's executor and keeps the slots that they set."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import rasa_sdk
from rasa_sdk.executor import ActionExecutor

from actions.composition import Services
from desk.identity import Identity
from desk.tickets import Ticket, TicketRequest
from policy.clock import promise

# A Friday, half an hour before closing, before the early May bank holiday: a promise has something to skip.
AT = datetime(2026, 5, 1, 16, 30, tzinfo=timezone(timedelta(hours=1)))
ADA = Identity("u-ada", "Ada Lovelace", "ada@example.org", "Analytical Engines", "professional", "GB-SCT", "Europe/London")
SURE = 0.9


Clause = tuple[str, str] | tuple[str, str, float]


@dataclass(frozen=True)
class Said:
    """What an action brought: replies in the channel's shape, slots that were set, the action that follows."""

    replies: list[dict[str, Any]]
    slots: dict[str, Any]
    followup: str | None

    @property
    def reply(self) -> dict[str, Any]:
        """The one reply."""
        (only,) = self.replies
        return only

    @property
    def text(self) -> str:
        """All replies' texts."""
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def decisions(self) -> list[str]:
        """All replies' decisions."""
        return [reply["decision"] for reply in self.replies]

    @property
    def payloads(self) -> list[str]:
        """What the offered buttons would send."""
        return [button["payload"] for reply in self.replies for button in reply["buttons"]]


class Conversation:
    """Slots carry over from call to call as in Rasa; every message gets an id of its own."""

    def __init__(
        self, built: Services, executor: ActionExecutor, domain: Mapping[str, Any], identity: Identity, **slots: Any
    ) -> None:
        self.built, self.identity = built, identity
        self.id = built.conversations.start(identity, AT).id
        self.slots: dict[str, Any] = {**dict.fromkeys(domain["slots"]), **slots}
        self._executor, self._domain, self._count = executor, domain, 0
        self._events: list[dict[str, Any]] = []

    def say(
        self,
        action: str,
        text: str,
        intent: str | None,
        *,
        confidence: float = SURE,
        ranking: Mapping[str, float] | None = None,
        segments: Sequence[Clause] = (),
        applications: Mapping[str, bool] | None = None,
        versions: Mapping[int, bool] | None = None,
        upgrade: bool = False,
        message_id: str | None = None,
    ) -> Said:
        """Call an action for a message that was understood so.

        ``segments`` are (clause, intent), or with the intent's confidence as a third.
        ``applications`` and ``versions`` tell whether each is supported.
        """
        message = self._message(text, intent, confidence, ranking, segments, message_id)
        entities = [("application", name, on_list) for name, on_list in (applications or {}).items()]
        entities += [("version", str(line), current) for line, current in (versions or {}).items()]
        message["entities"] = [
            {"entity": kind, "value": value, "role": "supported" if good else "unsupported", "upgrade": upgrade}
            for kind, value, good in entities
        ]
        return self._call(action, message, [])

    def answer(self, asked: str, text: str, intent: str, *, confidence: float = SURE, segments: Sequence[Clause] = ()) -> Said:
        """Answer the hand-off's question for the slot ``asked``: Rasa fills it from the text, then asks to validate it."""
        self.slots["requested_slot"] = asked
        filled = [] if asked == "ticket_confirm" else [{"event": "slot", "name": asked, "value": text, "timestamp": None}]
        for event in filled:
            self.slots[event["name"]] = event["value"]
        message = self._message(text, intent, confidence, None, segments, None)
        return self._call("validate_ticket_form", message, filled, {"name": "ticket_form"})

    def has_ticket(self, **changes: Any) -> Ticket:
        """Open a ticket for this conversation at the desk, as an earlier hand-off did."""
        who = self.identity
        request = {
            "conversation_id": self.id,
            "identity": who,
            "summary": "The import stops at row 12",
            "impact": "me",
            "contact": "ada@example.org",
            "area": "technical",
            "refusal": None,
            "promise": promise(AT, tz=who.tz, region=who.region, plan=who.plan, policy=self.built.policy),
            "at": AT,
        }
        return self.built.tickets.open(TicketRequest(**{**request, **changes}))

    def tickets(self) -> list[Ticket]:
        """All tickets of this conversation."""
        return [ticket for ticket in self.built.tickets.list() if ticket.conversation_id == self.id]

    def _message(
        self,
        text: str,
        intent: str | None,
        confidence: float,
        ranking: Mapping[str, float] | None,
        segments: Sequence[Clause],
        message_id: str | None,
    ) -> dict[str, Any]:
        self._count += 1
        ranked = ranking or ({intent: confidence} if intent else {})
        return {
            "text": text,
            "reading": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": name, "confidence": value} for name, value in ranked.items()],
            "signals": {"confidence": confidence, "similarity": 0.8, "threshold": 0.3, "nearest": text},
            "segments": [{"text": text, "name": name, "confidence": sure[0] if sure else SURE} for text, name, *sure in segments],
            "entities": [],
            "metadata": {
                "identity": self.identity.as_dict(),
                "conversation_id": self.id,
                "message_id": message_id or f"m{self._count}",
            },
        }

    def _call(
        self, action: str, message: dict[str, Any], filled: list[dict[str, Any]], loop: dict[str, Any] | None = None
    ) -> Said:
        tracker = {
            "sender_id": self.id,
            "slots": dict(self.slots),
            "latest_message": message,
            "latest_action_name": "action_listen",
            "events": [*self._events, {"event": "user", **message}, *filled],
            "paused": False,
            "followup_action": None,
            "active_loop": loop or {},
        }
        call = {
            "next_action": action,
            "sender_id": self.id,
            "tracker": tracker,
            "domain": dict(self._domain),
            "version": rasa_sdk.__version__,
        }
        result = asyncio.run(self._executor.run(call))  # type: ignore[arg-type]
        said = self._heard(result.model_dump())
        self._events += [{"event": "user", **message}, *(_bot_event(reply) for reply in said.replies)]
        return said

    def _heard(self, result: Mapping[str, Any]) -> Said:
        set_now = {event["name"]: event["value"] for event in result["events"] if event["event"] == "slot"}
        followups = [event["name"] for event in result["events"] if event["event"] == "followup"]
        self.slots.update(set_now)
        replies = [
            {**(response["custom"] or {}), "text": response["text"], "buttons": response["buttons"]}
            for response in result["responses"]
        ]
        return Said(replies, set_now, followups[0] if followups else None)


def _bot_event(reply: Mapping[str, Any]) -> dict[str, Any]:
    return {"event": "bot", "text": reply["text"], "data": {"buttons": reply["buttons"]}}
