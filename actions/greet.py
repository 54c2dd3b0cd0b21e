"""Greets, unless the greeting came with a question: then the question is answered."""

from __future__ import annotations

from actions.composition import Services
from actions.reply import Reply, variant
from actions.responder import answers_beside
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionGreet(TurnAction):
    """Greets, unless the greeting came with a question: then the question is answered."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Greet by first name where the verified identity has one."""
        beside = answers_beside(turn, built)
        if beside:
            return beside
        first = (turn.identity.name or "").split(" ")[0]
        hello = f"Hello {first}" if first else "Hello"
        text = variant(
            turn,
            (
                f"{hello}, this is PipeRocks Support. What can I help you with?",
                f"{hello}! Ask me anything about PipeRocks CRM: billing, technical trouble, features or setting it up.",
                f"{hello}! What would you like to know about PipeRocks CRM?",
            ),
        )
        return Outcome([Reply(text, "smalltalk")])
