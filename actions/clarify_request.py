"""Asks what a message too vague to answer is about, with at most three choices."""

from __future__ import annotations

from actions.clarifying import CHOICES, NOTHING_OFFERED, vague
from actions.composition import Services
from actions.refusals import insists
from actions.reply import Reply, variant
from actions.responder import answers_beside, outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

PROMPTS = {
    CHOICES[0].payload: (
        "Sure. What about billing or your account: an invoice, a payment, your plan, or your users?",
        "Billing or your account, then. Is it an invoice, a payment, your plan, or your users?",
    ),
    CHOICES[1].payload: (
        "Let's find it. What were you doing, and what did you see? An error code or the exact text helps most.",
        "Let's have a look. Which page is it on, and what happens there? An error code helps most.",
    ),
    CHOICES[2].payload: (
        "Gladly. Which feature is it, and what would you like to achieve with it?",
        "Of course. What would you like to do, and with which feature?",
    ),
}


class ActionClarifyRequest(TurnAction):
    """Asks what a message too vague to answer is about, with at most three choices."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """A choice that was pressed brings the question that belongs to it; what else is asked is answered."""
        prompts = PROMPTS.get(turn.text)
        if prompts:
            return Outcome([Reply(variant(turn, prompts), "clarify")], NOTHING_OFFERED)
        if turn.memory.get("last_refusal") and insists(turn):
            return outcome(turn, built)
        return answers_beside(turn, built) or vague(turn)
