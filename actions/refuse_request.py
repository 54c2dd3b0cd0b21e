"""Declines what support does not cover, and names the nearest help."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction
from actions.unreadable import unreadable


class ActionRefuseRequest(TurnAction):
    """Declines what support does not cover, and names the nearest help."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Decline, or answer what else the message asks; signs without words are no request that could be declined."""
        return unreadable(turn) or outcome(turn, built)
