"""Reopens the conversation's resolved ticket when the customer says that the problem is back."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import FORM, known_facts, on_ticket, shown
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionReopenTicket(TurnAction):
    """Reopens the conversation's resolved ticket when the customer says that the problem is back."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """A ticket that is still open is shown; where there is none, a new one is begun."""
        ticket = built.tickets.for_conversation(turn.conversation_id)
        if ticket is None or ticket.status == "closed":
            return Outcome(slots=known_facts(turn), followup=FORM)
        if ticket.status != "resolved":
            return Outcome([shown(ticket, turn, built)])
        ticket = built.tickets.reopen(ticket.number, "customer", built.now())
        text = f"I've reopened ticket **{ticket.number}**; our team will look at it again."
        return Outcome([on_ticket(ticket, text)])
