"""States the Support Policy on what was asked."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction
from actions.unreadable import unreadable


class ActionStatePolicy(TurnAction):
    """States the Support Policy on what was asked."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The facts of the topic, from the policy's data."""
        return unreadable(turn) or outcome(turn, built)
