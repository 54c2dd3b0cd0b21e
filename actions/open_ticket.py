"""Opens the one ticket of the conversation once the customer confirmed it, with the promise of the clock."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import escalated, forgotten, open_ticket_of, opened
from actions.reply import Reply, variant
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction
from desk.tickets import TicketRequest
from policy.clock import promise

NOT_OPENED = (
    "All right, I haven't opened a ticket. Is there anything else I can help with?",
    "Done: no ticket was opened. What else can I do for you?",
    "Cancelled; nothing was sent to our team. Just ask if something else comes up.",
)


class ActionOpenTicket(TurnAction):
    """Opens the one ticket of the conversation once the customer confirmed it, with the promise of the clock."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Open it, or say that none was opened."""
        memory = turn.memory
        if memory.get("ticket_confirm") != "yes":
            return Outcome([Reply(variant(turn, NOT_OPENED), "smalltalk")], {**forgotten(), "declined_offer": "person"})
        identity, at, summary = turn.identity, built.now(), str(memory["ticket_summary"])
        ticket = open_ticket_of(turn, built) or built.tickets.open(
            TicketRequest(
                conversation_id=turn.conversation_id,
                identity=identity,
                summary=summary,
                impact=str(memory["ticket_impact"]),
                contact=str(memory["ticket_contact"]),
                area=memory.get("ticket_area"),
                refusal=memory.get("ticket_refusal"),
                promise=promise(at, tz=identity.tz, region=identity.region, plan=identity.plan, policy=built.policy),
                at=at,
            )
        )
        if ticket.summary != summary:
            # The conversation had an open ticket after all (staff reopened it meanwhile): what was told now joins it.
            built.tickets.note(ticket.number, "customer", summary, at)
        if memory.get("ticket_escalate"):
            ticket = escalated(ticket, ticket.impact != "me", ticket.summary, built)
        return Outcome([opened(ticket, built)], forgotten())
