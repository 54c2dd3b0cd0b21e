"""Answers a support question from the knowledge base, and every further question of the message."""

from __future__ import annotations

from actions.composition import Services
from actions.responder import outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction
from actions.unreadable import unreadable


class ActionAnswerQuestion(TurnAction):
    """Answers a support question from the knowledge base, and every further question of the message."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Search, answer, remember what it was about."""
        return unreadable(turn) or outcome(turn, built)
