"""Tells how the conversation's ticket stands."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import answers_beside
from actions.ticket_talk import asked_after
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionShowTicket(TurnAction):
    """Tells how the conversation's ticket stands."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The ticket, and what else the message asks."""
        return answers_beside(turn, built) or Outcome([asked_after(turn, built)])
