"""What a message changes of a ticket that is being prepared: more of the matter, another address, whom it affects."""

from __future__ import annotations

import re
from typing import Any

from actions.handoff import LONGEST_SUMMARY, NO_DETAILS
from actions.questions import is_request
from actions.ticket_details import offered_contact, read_contact, read_impact, stated_impact, tells_the_matter
from actions.turn import Turn

SHORT_ANSWER = 8  # words up to which a message is read as an answer, or as an aside; a longer one tells of the matter


def with_more(summary: Any, text: str) -> str:
    """The summary with ``text`` added to it."""
    known = "" if summary == NO_DETAILS else str(summary or "")
    return f"{known}\n{text}".strip()[:LONGEST_SUMMARY]


def told_beside(turn: Turn) -> dict[str, Any]:
    """What a message tells beside what it was asked for: the address, and who is affected."""
    found = {"ticket_contact": offered_contact(turn.text), "ticket_impact": stated_impact(turn.text)}
    if turn.intent.name == "inform_contact":
        found["ticket_contact"] = read_contact(turn.text)
    if turn.intent.name == "inform_impact":
        found["ticket_impact"] = read_impact(turn.text)
    return {slot: value for slot, value in found.items() if value}


def corrections(turn: Turn) -> dict[str, Any]:
    """What a message at the confirmation changes: the address, whom it affects, or both."""
    contact = read_contact(turn.text)
    if contact and "@" not in contact and turn.intent.name != "inform_contact" and tells_the_matter(turn.text):
        # "Order 1234 5678 9012 is affected too": digits within a story are no telephone unless they are given as one.
        contact = offered_contact(turn.text)
    found: dict[str, Any] = {"ticket_contact": contact} if contact else {}
    rest = without_contact(turn.text, contact)
    answer = turn.intent.name == "inform_impact" or len(rest.split()) <= SHORT_ANSWER
    impact = read_impact(rest) if answer and not is_request(rest) else stated_impact(rest)
    # "Send it to me" says nothing of who is affected, unless it is plainly said that nobody else is.
    if impact == "me" and turn.intent.name != "inform_impact" and stated_impact(rest) != "me":
        impact = None
    return {**found, "ticket_impact": impact} if impact else found


def without_contact(text: str, contact: str | None) -> str:
    """The text without the part of the sentence that gives the address, in which "me" stands for nobody affected."""
    if not contact:
        return text
    parts = re.split(r"[,;]\s+|(?<=\w)[.!]\s+|\s+(?:and|but)\s+", text)
    return ", ".join(part for part in parts if contact not in part)
