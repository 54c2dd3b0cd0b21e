"""States the Support Policy on what was asked."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import respond
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionStatePolicy(TurnAction):
    """States the Support Policy on what was asked."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The facts of the topic, from the policy's data."""
        return Outcome(respond(turn, built))
