"""Asks what a message too vague to answer is about, with at most three choices."""

from __future__ import annotations

from actions.composition import Services
from actions.reply import Button, Reply, variant
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

CHOICES = (
    Button("Billing or my account", "I have a question about billing or my account"),
    Button("Something doesn't work", "Something in PipeRocks doesn't work"),
    Button("How to use or set up", "I want to know how to use or set up a feature"),
)
PROMPTS = {
    CHOICES[0].payload: "Sure. What about billing or your account: an invoice, a payment, your plan, or your users?",
    CHOICES[1].payload: "Let's find it. What were you doing, and what did you see? An error code or the exact text helps most.",
    CHOICES[2].payload: "Gladly. Which feature is it, and what would you like to achieve with it?",
}


class ActionClarifyRequest(TurnAction):
    """Asks what a message too vague to answer is about, with at most three choices."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """A choice that was pressed brings the question that belongs to it."""
        prompt = PROMPTS.get(turn.text)
        if prompt:
            return Outcome([Reply(prompt, "clarify")])
        return vague(turn)


def vague(turn: Turn) -> Outcome:
    """Ask what it is about, with the choices."""
    text = variant(
        turn,
        (
            "I'd like to help. Can you tell me a bit more: what were you doing, and what happened?",
            "Happy to look into it. What is it about?",
            "Tell me a little more, please: which part of PipeRocks CRM is it about?",
        ),
    )
    return Outcome([Reply(text, "clarify", buttons=CHOICES)])
