"""Asks whom the matter affects."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import IMPACT_BUTTONS
from actions.reply import Reply, variant
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionAskTicketImpact(TurnAction):
    """Asks whom the matter affects (Rasa calls it when the form wants ``ticket_impact``)."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Three choices; own words do as well."""
        text = variant(
            turn,
            (
                "Who is affected: just you, several of you, or everyone?",
                "So that our team can judge how urgent it is: does it affect just you, several of you, or everyone?",
                "And whom does it affect: only you, a few of you, or everyone?",
            ),
        )
        return Outcome([Reply(text, "collect", turn.memory.get("ticket_area"), buttons=IMPACT_BUTTONS)])
