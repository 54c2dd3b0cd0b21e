"""Another language: says in which one help is given, and offers a ticket."""

from __future__ import annotations

from actions.clarifying import in_english_please
from actions.composition import Services
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionAnswerLanguage(TurnAction):
    """Another language: says in which one help is given, and offers a ticket."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Say so, and offer a person."""
        return in_english_please(turn)
