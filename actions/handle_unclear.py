"""Where no intent was recognised: the knowledge base may still know; else an honest question back."""

from __future__ import annotations

from actions.answering import PERSON, passage, search, unknown
from actions.composition import Services
from actions.deciding import weigh
from actions.handoff import FORM, known_facts
from actions.reply import Button, Reply
from actions.responder import asked, questions, reply_to
from actions.turn import FALLBACK, Turn
from actions.turn_action import Outcome, TurnAction
from actions.unreadable import unreadable

WORTH_ASKING = 0.2  # search confidence from which titles are offered
MOST_CHOICES = 3  # a person among them


class ActionHandleUnclear(TurnAction):
    """Where no intent was recognised: the knowledge base may still know; else an honest question back."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Weigh all signals; where they find nothing to answer, offer up to three titles or say "I don't know"."""
        no_words = unreadable(turn)
        if no_words:
            return no_words
        parts = questions(turn) or asked(turn)[-1:]
        if parts:
            return Outcome([reply_to(part, built) for part in parts])
        best = next((item.name for item in turn.ranking if item.name != FALLBACK), FALLBACK)
        if best == "request_human":
            return Outcome(slots=known_facts(turn), followup=FORM)
        result = search(turn, built)
        weighed = weigh(turn, result)
        if weighed.kind != "answer":
            return Outcome([reply_to(turn, built)])
        if result.answerable and result.hits:
            return Outcome([passage(turn, built, result.hits, result, weighed.area)])
        near = [hit for hit in result.hits if result.confidence >= WORTH_ASKING][: MOST_CHOICES - 1]
        if not near:
            return Outcome([unknown(turn, result, weighed.area)])
        buttons = (*(Button(hit.title, hit.title) for hit in near), PERSON)
        text = "I'm not sure I got that right. Is it one of these? If not, please put it in other words."
        return Outcome([Reply(text, "clarify", buttons=buttons, memory={"last_question": turn.text})])
