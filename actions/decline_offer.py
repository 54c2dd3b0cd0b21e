"""The customer says no: nothing is opened, and the talk goes on."""

from __future__ import annotations

from actions.composition import Services
from actions.reply import Reply
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionDeclineOffer(TurnAction):
    """The customer says no: nothing is opened, and the talk goes on."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Drop what was on offer."""
        text = "No problem. If anything else comes up, just ask."
        return Outcome([Reply(text, "smalltalk")], {"pending_offer": None})
