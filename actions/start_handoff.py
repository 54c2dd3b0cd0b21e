"""Begins the hand-off to a person, or shows the ticket that the conversation already has."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import FORM, known_facts, open_ticket_of, shown
from actions.reply import Reply
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionStartHandoff(TurnAction):
    """Begins the hand-off to a person, or shows the ticket that the conversation already has."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """One open ticket a conversation: asking again shows it, so that "human!" never loops."""
        ticket = open_ticket_of(turn, built)
        if ticket:
            status = shown(ticket, built.policy)
            return Outcome(
                [
                    Reply(
                        "Our team already has your request. " + status.text,
                        "ticket",
                        status.area,
                        status.refusal,
                        ticket=status.ticket,
                    )
                ]
            )
        return Outcome(slots=known_facts(turn), followup=FORM)
