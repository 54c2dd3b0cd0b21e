"""Says whether an integration exists, by the policy's list."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction
from actions.unreadable import unreadable


class ActionCheckIntegration(TurnAction):
    """Says whether an integration exists, by the policy's list."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Yes, no, or the list."""
        return unreadable(turn) or outcome(turn, built)
