"""Hand-off to a person: what a ticket needs, how it is read from a message, and what is said about the ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.composition import Services
from actions.promises import describe
from actions.reply import Button, Reply
from actions.turn import Turn
from desk.tickets import Ticket
from policy.document import PolicyDocument

FORM = "ticket_form"
SLOTS = ("ticket_summary", "ticket_impact", "ticket_contact", "ticket_confirm")
IMPACTS = {"me": "just you", "several": "several people", "everyone": "everyone"}
IMPACT_BUTTONS = (
    Button("Just me", "Just me"),
    Button("Several of us", "Several of us"),
    Button("Everyone", "Everyone"),
)
CONFIRM_BUTTONS = (Button("Open the ticket", "Yes, open the ticket"), Button("Cancel", "No, cancel the ticket"))
LONG_WISH = 12  # words from which a wish for a person tells what it is about
OPEN = ("new", "open", "waiting", "escalated", "reopened")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])\+?\d[\d\s()/-]{6,18}\d(?!\w)")
_EVERYONE = re.compile(
    r"\b(every\s?(one|body)|all of us|all (the |our )?(users|staff|people|employees|accounts)|"
    r"(whole|entire|complete) (company|team|office|organi[sz]ation|department|business|staff)|company[- ]wide|"
    r"(nobody|no one)(?! else))\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(several|some of|half (of )?(the|our|my)|part of (the|our|my)|"
    r"a few|few of|many|(two|three|four|five|six|seven|eight|nine|ten|\d+) (of us|people|users|colleagues)|"
    r"my team|our team|colleagues|both of us|us|we|team)\b",
    re.IGNORECASE,
)
_ONLY_ME = re.compile(r"(?<!not )\b(just|only) (me|for me|myself)\b", re.IGNORECASE)
_ME = re.compile(r"\b(just me|only me|me|myself|only i|i am|i'm|mine|my)\b", re.IGNORECASE)


def read_contact(text: str) -> str | None:
    """An e-mail address or phone number in the text."""
    found = _EMAIL.search(text) or _PHONE.search(text)
    return found.group(0).strip().rstrip(".") if found else None


def read_impact(text: str) -> str | None:
    """``me``, ``several`` or ``everyone``, the widest that is said, unless "only me" is; None where nothing is said."""
    if _ONLY_ME.search(text):
        return "me"
    if _EVERYONE.search(text):
        return "everyone"
    if _SEVERAL.search(text):
        return "several"
    return "me" if _ME.search(text) else None


def known_facts(turn: Turn) -> dict[str, Any]:
    """Slots that need no asking: the question the talk was about, and the address in the verified identity."""
    question = turn.memory.get("last_question") or (turn.text if len(turn.text.split()) >= LONG_WISH else None)
    return {
        "ticket_summary": turn.memory.get("ticket_summary") or question,
        "ticket_impact": None,
        "ticket_contact": turn.memory.get("ticket_contact") or turn.identity.email,
        "ticket_confirm": None,
        "ticket_area": turn.memory.get("last_area"),
        "ticket_refusal": turn.memory.get("last_refusal"),
        "pending_offer": None,
    }


def forgotten() -> dict[str, None]:
    """Slots to clear once a hand-off has ended."""
    return dict.fromkeys((*SLOTS, "ticket_area", "ticket_refusal", "ticket_escalate", "requested_slot"))


def summary_of(slots: Mapping[str, Any]) -> str:
    """What will be sent, for the customer to check."""
    summary = " ".join(str(slots.get("ticket_summary") or "").split())
    if len(summary) > 280:
        summary = summary[:277].rstrip() + "..."
    return (
        f"- **Request:** {summary}\n"
        f"- **Affected:** {IMPACTS.get(str(slots.get('ticket_impact')), 'not said')}\n"
        f"- **We reach you at:** {slots.get('ticket_contact')}"
    )


def opened(ticket: Ticket, policy: PolicyDocument) -> Reply:
    """The ticket, its promise, and the honest word where it carries a refusal."""
    lines = [f"Your ticket **{ticket.number}** is open. {describe(ticket.promise, policy)}"]
    if ticket.status == "escalated":
        lines.append("It is marked for escalation: a senior technician will review your case.")
    if ticket.refusal:
        lines.append(
            "To be honest: this looks like something outside our standard support, so the team may have to decline it too."
        )
    lines.append("The answer will show up here, and I've passed this conversation along so you needn't repeat anything.")
    return Reply(
        text="\n\n".join(lines),
        decision="ticket",
        area=ticket.area,
        refusal=ticket.refusal,
        ticket=ticket.as_contract(),
        evidence={"policy_version": ticket.policy_version},
    )


STATUS_WORDS = {
    "new": "is waiting for our team",
    "open": "is being worked on",
    "waiting": "has an answer from our team and waits for your reply",
    "escalated": "is with a senior technician",
    "reopened": "has been reopened",
    "resolved": "is resolved",
    "closed": "is closed",
}


def shown(ticket: Ticket, policy: PolicyDocument) -> Reply:
    """How a ticket stands."""
    text = f"Ticket **{ticket.number}** {STATUS_WORDS[ticket.status]}."
    if ticket.status in ("new", "open", "escalated", "reopened"):
        text += f" {describe(ticket.promise, policy)}"
    if ticket.status in ("resolved", "closed"):
        text += " If the problem is back, tell me and I'll reopen it."
    return Reply(text=text, decision="ticket", area=ticket.area, refusal=ticket.refusal, ticket=ticket.as_contract())


def escalated(ticket: Ticket, wide: bool, reason: str, built: Services) -> Ticket:
    """The ticket at step 2 of the policy's escalation or, where more than one person is affected, at step 3."""
    while ticket.escalation_step < (3 if wide else 2):
        ticket = built.tickets.escalate(ticket.number, "customer", reason, built.now())
    return ticket


def open_ticket_of(turn: Turn, built: Services) -> Ticket | None:
    """The conversation's ticket, if it is still open."""
    ticket = built.tickets.for_conversation(turn.conversation_id)
    return ticket if ticket and ticket.status in OPEN else None
