"""A reply of the assistant and how it is handed to Rasa."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Intent, Turn


@dataclass(frozen=True)
class Button:
    """A choice; pressing it sends ``payload`` as the customer's next message."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """Text (Markdown) with the decision of the contract and the evidence it stands on."""

    text: str
    decision: str
    area: str | None = None
    refusal: str | None = None
    citations: tuple[Mapping[str, Any], ...] = ()
    buttons: tuple[Button, ...] = ()
    ticket: Mapping[str, Any] | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)  # slots to set once this was said


def utter(dispatcher: CollectingDispatcher, turn: Turn, replies: Sequence[Reply]) -> None:
    """Say the replies; text and data travel as one message, so that the channel never tears them apart."""
    for item in replies:
        evidence = {
            "ranking": [intent.as_json() for intent in turn.ranking[:5]],
            "signals": dict(turn.signals),
            **item.evidence,
        }
        dispatcher.utter_message(
            text=item.text,
            buttons=[{"title": button.title, "payload": button.payload} for button in item.buttons],
            json_message={
                "decision": item.decision,
                "area": item.area,
                "refusal": item.refusal,
                "intent": _taken_for(item, turn).as_json(),
                "citations": [dict(citation) for citation in item.citations],
                "ticket": dict(item.ticket) if item.ticket else None,
                "evidence": evidence,
            },
        )


def _taken_for(item: Reply, turn: Turn) -> Intent:
    """The intent that a reply answers: of a statement of the policy its topic, with what the classifier gave it in the message or
    in one of its clauses, however the message was read in the end.
    """
    topic = item.evidence.get("policy_topic")
    if not topic:
        return turn.intent
    name = f"policy_{topic}"
    rankings = (turn.ranking, *(segment.ranking for segment in turn.segments))
    given = (each.confidence for ranking in rankings for each in ranking if each.name == name)
    return Intent(name, max(given, default=0.0))


def variant(turn: Turn, choices: Sequence[str]) -> str:
    """One of several wordings: one that this conversation has not heard yet, else the one heard longest ago.

    Which of the unheard comes first hangs on the message alone, so a repeated turn reads the same.
    """
    first = hashlib.sha256(turn.message_id.encode()).digest()[0] % len(choices)
    turned = [*choices[first:], *choices[:first]]
    return min(turned, key=lambda text: _last_said(turn, text))


def _last_said(turn: Turn, text: str) -> int:
    """How late in the talk a wording was said: its message's number, or -1."""
    return max((number for number, message in enumerate(turn.said) if text in message), default=-1)
