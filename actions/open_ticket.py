"""Opens the one ticket of the conversation once the customer confirmed it, with the promise of the clock."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import NO_DETAILS, escalated, forgotten, open_ticket_of, opened
from actions.questions import asked, drops_for
from actions.reply import Reply, variant
from actions.responder import replies_to
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
            told = memory.get("ticket_summary")
            kept = {} if told in (None, NO_DETAILS) else {"last_question": told}  # for who thinks better of it
            dropped = Reply(variant(turn, NOT_OPENED), "smalltalk")
            beside = replies_to(asked(turn), built) if drops_for(turn) else []
            return Outcome([dropped, *beside], {**forgotten(), "declined_offer": "person", **kept})
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
        # The matter is with the team: what comes next leans on the ticket, not on the question before it.
        return Outcome([opened(ticket, built)], {**forgotten(), "last_question": None})
