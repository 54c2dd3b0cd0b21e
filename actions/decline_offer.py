"""The customer says no: nothing is opened, and the talk goes on."""

from __future__ import annotations

from actions.answering import answered_last
from actions.composition import Services
from actions.form_answers import sends
from actions.next_passage import ActionNextPassage
from actions.reply import Reply, variant
from actions.responder import answers_beside, begin_handoff
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionDeclineOffer(TurnAction):
    """The customer says no: nothing is opened, and the talk goes on."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Drop what was on offer, and remember that it was turned down; "no, but how do I ...?" is answered."""
        beside = answers_beside(turn, built)
        if beside:
            return beside
        if turn.memory.get("declined_offer") == "person" and sends(turn.text):
            return begin_handoff(turn, built)  # "hmm no, do open it please"
        if turn.memory.get("pending_offer") is None and turn.memory.get("last_question") and answered_last(turn):
            return ActionNextPassage().take(turn, built)  # "nope" to a passage says that it did not help
        declined = turn.memory.get("pending_offer") or turn.memory.get("declined_offer")
        text = variant(
            turn,
            (
                "No problem. If anything else comes up, just ask.",
                "All right. I'm here if you need anything else.",
                "Fine with me. Just say so if something else comes up.",
            ),
        )
        return Outcome([Reply(text, "smalltalk")], {"pending_offer": None, "declined_offer": declined})
