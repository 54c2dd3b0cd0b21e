"""Where no intent was recognised: the knowledge base may still know; else an honest question back."""

from __future__ import annotations

from actions.answering import PERSON, passage, search, unknown
from actions.composition import Services
from actions.refusals import refusal_of, refuse
from actions.reply import Button, Reply
from actions.responder import asked, reply_to
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

REFUSAL_SHARE = 0.5  # of the probability: the message more likely lies outside support than inside
MOST_CHOICES = 3


class ActionHandleUnclear(TurnAction):
    """Where no intent was recognised: the knowledge base may still know; else an honest question back."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Answer from the index, decline what is more likely outside, offer up to three titles, or say "I don't know"."""
        parts = asked(turn)
        if parts:
            return Outcome([reply_to(part, built) for part in parts])
        outside = [item for item in turn.ranking if refusal_of(item.name)]
        result = search(turn, built)
        if outside and sum(item.confidence for item in outside) >= REFUSAL_SHARE:
            return Outcome([refuse(str(refusal_of(outside[0].name)), turn, built)])
        if result.answerable and result.hits:
            return Outcome([passage(turn, built, result.hits, result)])
        near = [hit for hit in result.hits if result.confidence >= 0.2][:MOST_CHOICES]
        if not near:
            return Outcome([unknown(turn, result)])
        buttons = (*(Button(hit.title, hit.title) for hit in near[: MOST_CHOICES - 1]), PERSON)
        text = "I'm not sure I got that right. Is it one of these? If not, please put it in other words."
        return Outcome([Reply(text, "clarify", buttons=buttons, memory={"last_question": turn.text})])
