"""Hand-off to a person: what a ticket needs, how it is read from a message, and what is said about the ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.composition import Services
from actions.promises import describe
from actions.questions import told_area
from actions.reply import Button, Reply, variant
from actions.ticket_details import offered_contact, stated_impact, tells_the_matter
from actions.turn import Turn
from desk.tickets import Ticket
from policy.facts import fill

FORM = "ticket_form"
TICKET = "ticket"  # the topic of a talk that was on a ticket just now
SLOTS = ("ticket_summary", "ticket_impact", "ticket_contact", "ticket_confirm")
IMPACTS = {"me": "just you", "several": "several people", "everyone": "everyone"}
IMPACT_BUTTONS = (
    Button("Just me", "Just me"),
    Button("Several of us", "Several of us"),
    Button("Everyone", "Everyone"),
)
CONFIRM_BUTTONS = (Button("Open the ticket", "Yes, open the ticket"), Button("Cancel", "No, cancel the ticket"))
LONGEST_SUMMARY = 2000
NO_DETAILS = "The customer asked for a person and gave no details yet."
OPEN = ("new", "open", "waiting", "escalated", "reopened")


def known_facts(turn: Turn) -> dict[str, Any]:
    """Slots that need no asking: what the talk and this message tell of the matter, who is affected, and the address.

    An address given in so many words goes before that of the verified identity.
    """
    question = str(turn.memory.get("ticket_summary") or _asked(turn) or "")
    tells = tells_the_matter(turn.text) or told_area(turn) is not None
    told = turn.text if turn.text != question and tells else ""
    summary = told if question in told else f"{question}\n{told}".strip()
    return {
        "ticket_summary": summary[:LONGEST_SUMMARY] or None,
        "ticket_impact": stated_impact(turn.text) or stated_impact(question) or turn.memory.get("ticket_impact"),
        "ticket_contact": offered_contact(turn.text) or turn.memory.get("ticket_contact") or turn.identity.email,
        "ticket_confirm": None,
        "ticket_area": turn.memory.get("last_area"),
        "ticket_refusal": turn.memory.get("last_refusal"),
        "pending_offer": None,
        "declined_offer": None,
    }


def _asked(turn: Turn) -> str | None:
    """The last question with the message that it stood in: what was told around it says what the matter is."""
    question, whole = turn.memory.get("last_question"), turn.memory.get("last_told")
    return str(whole) if question and whole and question in whole else question


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


def on_ticket(ticket: Ticket, text: str) -> Reply:
    """A reply on a ticket; what the customer says next may lean on it."""
    contract = ticket.as_contract()
    return Reply(text, "ticket", ticket.area, ticket.refusal, ticket=contract, memory={"last_topic": TICKET})


HONEST = "To be honest: this looks like something outside our standard support, so the team may have to decline it too."


def opened(ticket: Ticket, built: Services) -> Reply:
    """The ticket, its promise, and the honest word where it carries a refusal."""
    lines = [f"Your ticket **{ticket.number}** is open. {describe(ticket.promise, built.policy, built.now())}"]
    if ticket.status == "escalated":
        lines.append("It is marked for escalation: a senior technician will review your case.")
    if ticket.refusal:
        lines.append(HONEST)
    lines.append("The answer will show up here, and I've passed this conversation along so you needn't repeat anything.")
    return replace(on_ticket(ticket, "\n\n".join(lines)), evidence={"policy_version": ticket.policy_version})


NOTED = (
    "Thanks, I've added that to ticket **{number}** for our team.",
    "Done: I've added it to ticket **{number}**, where our team will read it.",
    "That's added to ticket **{number}** as well.",
)


def noted(ticket: Ticket, turn: Turn, built: Services) -> Reply:
    """Put the message down on the ticket for the people who have it, and say so."""
    built.tickets.note(ticket.number, "customer", turn.text, built.now())
    text = variant(turn, NOTED).format(number=ticket.number)
    return on_ticket(ticket, text)


LONGEST_SHOWN = 500  # characters of each thing that the customer told


def read_out(ticket: Ticket, built: Services) -> Reply:
    """What our team reads on a ticket: what the customer told, when it was opened and since."""
    since = [event.text for event in built.tickets.events(ticket.number) if event.kind == "noted" and event.by == "customer"]
    told = [" ".join(text.split()) for text in (ticket.summary, *since)]
    lines = "\n".join(f"- {text[:LONGEST_SHOWN]}{'...' if len(text) > LONGEST_SHOWN else ''}" for text in told)
    text = f"This is what our team reads on ticket **{ticket.number}**, beside this conversation:\n\n{lines}"
    return on_ticket(ticket, text)


STATUS_WORDS = {
    "new": "is waiting for our team",
    "open": "is being worked on",
    "waiting": "has an answer from our team and waits for your reply",
    "escalated": "is with a senior technician",
    "reopened": "has been reopened",
    "resolved": "is resolved",
    "closed": "is closed",
}


def shown(ticket: Ticket, turn: Turn, built: Services) -> Reply:
    """How a ticket stands."""
    text = f"Ticket **{ticket.number}** {STATUS_WORDS[ticket.status]}."
    if ticket.status in ("new", "open", "escalated"):
        text += f" {describe(ticket.promise, built.policy, built.now())}"
        text += f" {HONEST}" if ticket.refusal else ""
    if ticket.status == "reopened":
        # The promise was given for the first answer; for the next one the rule holds.
        text += f" {fill(built.policy.promise['rule'], built.policy)}"
    if ticket.status in ("resolved", "closed"):
        # What is put away, or belongs to another conversation, stays as it is: there the hand-off begins anew.
        here = ticket.status == "resolved" and ticket.conversation_id == turn.conversation_id
        text += f" If the problem is back, tell me and I'll {'reopen it' if here else 'open a new ticket'}."
    return on_ticket(ticket, text)


def ticket_state(turn: Turn, built: Services) -> Reply:
    """How the newest ticket of the conversation, or of the customer, stands; where there is none, the way to one."""
    ticket = built.tickets.for_conversation(turn.conversation_id) or built.tickets.newest_of(turn.identity.sub)
    if ticket:
        return shown(ticket, turn, built)
    text = "I can't see a ticket of yours. Shall I open one with our team?"
    button = Button("Open a ticket", "I would like to open a ticket")
    return Reply(text, "ticket", buttons=(button,), memory={"pending_offer": "person", "last_topic": TICKET})


def escalated(ticket: Ticket, wide: bool, reason: str, built: Services) -> Ticket:
    """The ticket at step 2 of the policy's escalation or, where more than one person is affected, at step 3."""
    while ticket.escalation_step < (3 if wide else 2):
        ticket = built.tickets.escalate(ticket.number, "customer", reason, built.now())
    return ticket


def open_ticket_of(turn: Turn, built: Services) -> Ticket | None:
    """The conversation's ticket, if it is still open."""
    ticket = built.tickets.for_conversation(turn.conversation_id)
    return ticket if ticket and ticket.status in OPEN else None
