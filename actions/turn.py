"""One turn of a conversation as the actions see it: read once from Rasa's tracker, typed from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker

from desk.identity import Identity

AREAS = {
    "ask_billing": "billing",
    "ask_technical": "technical",
    "ask_feature": "feature",
    "ask_customization": "customization",
    "ask_integration": "feature",
}
FALLBACK = "nlu_fallback"
ASKED_BACK = "asked_back"  # the slot of what was too vague to answer, until the next message


@dataclass(frozen=True)
class Intent:
    """A recognised intent with its confidence, 0 to 1."""

    name: str
    confidence: float

    def as_json(self) -> dict[str, Any]:
        """The shape of the contract."""
        return {"name": self.name, "confidence": round(self.confidence, 4)}


@dataclass(frozen=True)
class Segment:
    """One clause of a message that asks several things."""

    text: str
    intent: Intent
    ranking: tuple[Intent, ...]


@dataclass(frozen=True)
class Application:
    """An application named in the message; ``supported`` says whether it is on the policy's list."""

    name: str
    supported: bool
    start: int | None = None  # where in the reading it stands, if that is known


@dataclass(frozen=True)
class Version:
    """A version of PipeRocks named in the message: its release line, and whether it is named for an upgrade.

    What is not ``sure`` is a figure that may be a version or something else.
    """

    line: int
    supported: bool
    upgrade: bool
    start: int | None = None
    sure: bool = True


@dataclass(frozen=True)
class Choice:
    """A button under the assistant's last message."""

    title: str
    payload: str


@dataclass(frozen=True)
class Turn:
    """The customer's message, what was understood of it, who sent it, and what the conversation remembers."""

    conversation_id: str
    message_id: str
    text: str
    reading: str
    intent: Intent
    ranking: tuple[Intent, ...]
    signals: Mapping[str, Any]
    strangeness: float  # share of the words that no lexicon knows, 0 to 1
    segments: tuple[Segment, ...]
    applications: tuple[Application, ...]
    versions: tuple[Version, ...]
    identity: Identity
    memory: Mapping[str, Any]
    in_form: bool
    said: tuple[str, ...] = ()  # the assistant's messages so far, oldest first
    offered: tuple[Choice, ...] = ()  # the buttons under the last of them
    around: tuple[Intent, ...] = ()  # of a clause: the ranking of the message that it stands in

    @property
    def area(self) -> str | None:
        """The support area of the intent, if it is one of the four."""
        return AREAS.get(self.intent.name)

    def read_as(self, name: str) -> Turn:
        """The same message, surely read as the intent ``name``."""
        read = Intent(name, 1.0)
        return replace(self, intent=read, ranking=(read,))

    def part(self, segment: Segment, **memory: Any) -> Turn:
        """The turn as if the customer had written this clause alone, remembering ``memory`` of the clauses before it.

        What version the customer has is said once: a clause that names none is about the one that the message names.
        """
        begin = self.reading.find(segment.text)
        applications = tuple(a for a in self.applications if _within(a.start, begin, segment.text))
        if segment.intent.name == "ask_integration":  # "Our help desk is Zendesk. Is there a link?" names it once as well
            applications = applications or self.applications
        versions = tuple(v for v in self.versions if _within(v.start, begin, segment.text))
        return replace(
            self,
            text=segment.text,
            reading=segment.text,
            intent=segment.intent,
            ranking=segment.ranking,
            around=self.ranking,
            segments=(),
            applications=applications,
            versions=versions or self.versions,
            memory={**self.memory, **memory},
        )


def read_turn(tracker: Tracker) -> Turn:
    """Read the latest message and the slots of a tracker; what Rasa's shell leaves out gets harmless defaults."""
    latest: Mapping[str, Any] = tracker.latest_message or {}
    metadata: Mapping[str, Any] = latest.get("metadata") or {}
    entities = latest.get("entities") or []
    said, offered = _bot_messages(tracker)
    return Turn(
        conversation_id=str(metadata.get("conversation_id") or tracker.sender_id),
        message_id=str(metadata.get("message_id") or latest.get("message_id") or ""),
        text=str(latest.get("text") or ""),
        reading=str(latest.get("reading") or latest.get("text") or ""),
        intent=_intent(latest.get("intent") or {}),
        ranking=tuple(_intent(item) for item in latest.get("intent_ranking") or []),
        signals=latest.get("signals") or {},
        strangeness=float(latest.get("strangeness") or 0.0),
        segments=tuple(_segment(item) for item in latest.get("segments") or []),
        applications=tuple(
            Application(str(e["value"]), e.get("role") == "supported", e.get("start"))
            for e in entities
            if e["entity"] == "application"
        ),
        versions=tuple(
            Version(
                int(e["value"]), e.get("role") == "supported", bool(e.get("upgrade")), e.get("start"), e.get("sure") is not False
            )
            for e in entities
            if e["entity"] == "version"
        ),
        identity=Identity.from_dict(metadata.get("identity") or {"sub": tracker.sender_id}),
        memory=dict(tracker.slots),
        in_form=bool((tracker.active_loop or {}).get("name")),
        said=said,
        offered=offered,
    )


def _bot_messages(tracker: Tracker) -> tuple[tuple[str, ...], tuple[Choice, ...]]:
    """What the assistant said before the latest message, and the buttons that it offered last."""
    said: list[str] = []
    offered: tuple[Choice, ...] = ()
    for event in tracker.events or []:
        if event.get("event") != "bot" or not event.get("text"):
            continue
        said.append(str(event["text"]))
        buttons = (event.get("data") or {}).get("buttons") or []
        offered = tuple(Choice(str(b.get("title")), str(b.get("payload"))) for b in buttons)
    return tuple(said), offered


def _segment(item: Mapping[str, Any]) -> Segment:
    """A clause; where its whole ranking is not handed on, its best intent is all that is known of it."""
    best = _intent(item)
    return Segment(str(item["text"]), best, tuple(_intent(other) for other in item.get("ranking") or [item]))


def _within(start: int | None, begin: int, text: str) -> bool:
    """Whether what stands at ``start`` belongs to the clause ``text`` that begins at ``begin``; True where it is not known."""
    return start is None or begin < 0 or begin <= start < begin + len(text)


def _intent(item: Mapping[str, Any]) -> Intent:
    return Intent(str(item.get("name") or FALLBACK), float(item.get("confidence") or 0.0))
