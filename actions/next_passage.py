"""After "that didn't help": the next best passage, then the offer of a person."""

from __future__ import annotations

from actions.answering import PERSON, passage
from actions.clarify_request import vague
from actions.composition import Services
from actions.reply import Reply
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionNextPassage(TurnAction):
    """After "that didn't help": the next best passage, then the offer of a person."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The best passage of the last question that was not shown yet; the second failure brings the offer."""
        if not turn.memory.get("last_question"):
            # Nothing was answered yet: "still not working" is the start of a talk and no comment on an answer.
            return vague(turn)
        question, shown = turn.memory.get("last_question"), list(turn.memory.get("shown") or [])
        if question and len(shown) < 2 and turn.memory.get("last_refusal") is None:
            result = built.knowledge.search(str(question), top=10)
            slugs = {entry.split("#")[0] for entry in shown}
            left = [hit for hit in result.hits if hit.slug not in slugs]
            if result.answerable and left:
                found = passage(turn, built, left, result)
                reply = Reply(
                    "Sorry about that. This may fit better:\n\n" + found.text,
                    "answer",
                    turn.memory.get("last_area") or left[0].area,
                    citations=found.citations,
                    evidence=found.evidence,
                )
                return Outcome([reply], {"shown": [*shown, left[0].slug + "#" + left[0].anchor]})
        text = "I'm sorry that didn't solve it. A person on our team can take a closer look; shall I open a ticket?"
        offer = Reply(text, "unknown", turn.memory.get("last_area"), buttons=(PERSON,))
        return Outcome([offer], {"pending_offer": "person"})
