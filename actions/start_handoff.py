"""Begins the hand-off to a person, or shows the ticket that the conversation already has."""

from __future__ import annotations

from actions.composition import Services
from actions.questions import asked, is_request, wish
from actions.responder import answers_beside, begin_handoff, replies_to
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionStartHandoff(TurnAction):
    """Begins the hand-off to a person, or shows the ticket that the conversation already has."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Only what is asked beside the wish is answered: "open a ticket, the import fails" tells what the matter is."""
        parts = [part for part in asked(turn) if is_request(part.text)]
        if parts and wish(turn) == "perhaps":
            return answers_beside(turn, built) or begin_handoff(turn, built)
        return begin_handoff(turn, built, replies_to(parts, built))
