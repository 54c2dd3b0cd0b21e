"""The customer says yes: to the offer of a person, if one is on the table."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import FORM, known_facts
from actions.reply import Reply
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionTakeUpOffer(TurnAction):
    """The customer says yes: to the offer of a person, if one is on the table."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Begin the hand-off, or ask what the yes is meant for."""
        if turn.memory.get("pending_offer") == "person":
            return Outcome(slots=known_facts(turn), followup=FORM)
        return Outcome([Reply("Good. What else can I help you with?", "smalltalk")])
