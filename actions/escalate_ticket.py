"""Escalates the conversation's ticket to a senior technician (step 2 of the policy), or begins with the ticket (step 1)."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import FORM, STATUS_WORDS, escalated, known_facts, open_ticket_of
from actions.reply import Reply
from actions.ticket_details import stated_impact
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionEscalateTicket(TurnAction):
    """Escalates the conversation's ticket to a senior technician (step 2 of the policy), or begins with the ticket (step 1)."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Escalating twice changes nothing; without a ticket the first step is one, marked for escalation."""
        ticket = open_ticket_of(turn, built)
        if ticket is None:
            first = Reply("Escalation starts from a ticket, so let's open one; I'll mark it for escalation.", "collect")
            return Outcome([first], {**known_facts(turn), "ticket_escalate": True}, FORM)
        wide = ticket.impact != "me" or stated_impact(turn.text) in ("several", "everyone")
        if ticket.escalation_step >= (3 if wide else 2):
            text = f"Ticket **{ticket.number}** is already escalated and {STATUS_WORDS[ticket.status]}."
            return Outcome([Reply(text, "ticket", ticket.area, ticket.refusal, ticket=ticket.as_contract())])
        ticket = escalated(ticket, wide, turn.text, built)
        text = f"I've escalated ticket **{ticket.number}**. A senior technician will review your case."
        if wide:
            text += " As it affects more than one person, our team will prioritize it."
        return Outcome([Reply(text, "ticket", ticket.area, ticket.refusal, ticket=ticket.as_contract())])
