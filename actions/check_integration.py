"""Says whether an integration exists, by the policy's list."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import respond
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionCheckIntegration(TurnAction):
    """Says whether an integration exists, by the policy's list."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Yes, no, or the list."""
        return Outcome(respond(turn, built))
