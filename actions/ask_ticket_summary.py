"""Asks what the ticket is about."""

from __future__ import annotations

from actions.composition import Services
from actions.reply import Reply, variant
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionAskTicketSummary(TurnAction):
    """Asks what the ticket is about (Rasa calls it when the form wants ``ticket_summary``)."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """One open question."""
        text = variant(
            turn,
            (
                "Of course. In a sentence or two: what should our team look at?",
                "I'll get you to a person. What is it about? A sentence or two helps them most.",
                "Gladly. What shall I tell our team that it's about?",
            ),
        )
        return Outcome([Reply(text, "collect")])
