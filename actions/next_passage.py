"""After "that didn't help": the next best passage, then the offer of a person."""

from __future__ import annotations

from actions.answering import PERSON, passage
from actions.clarifying import vague
from actions.composition import Services
from actions.following_up import name_of
from actions.questions import asked, is_request, wish
from actions.refusals import insists
from actions.reply import Reply, variant
from actions.responder import answers_beside, outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

MOST_PASSAGES = 2  # of one question, before a person is offered
ANOTHER = (
    "Sorry about that. This may fit better:",
    "Sorry that missed the point. How about this one?",
    "Let me try another page:",
)
OFFERS = (
    "I'm sorry that didn't solve it. A person on our team can take a closer look; shall I open a ticket?",
    "That's all our help centre has on it, I'm afraid. Shall I hand it to a person?",
    "I don't have a better page for that. Would you like someone from our team to look into it?",
)
# After the offer of a person was turned down.
DETAILS = (
    "I'm out of pages on that one. If you tell me exactly what you see, such as an error code or the page you are on, "
    "I can look again.",
    "Nothing better turned up. What do you see on the screen, word for word? That often finds the right page.",
)


class ActionNextPassage(TurnAction):
    """After "that didn't help": the next best passage, then the offer of a person."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The best passage of the last question that was not shown yet; the second failure brings the offer."""
        if wish(turn) or any(is_request(part.text) for part in asked(turn)):
            beside = answers_beside(turn, built)
            if beside:
                return beside
        if turn.memory.get("last_refusal") and insists(turn):
            return outcome(turn, built)
        if not turn.memory.get("last_question"):
            # Nothing was answered yet: "still not working" is the start of a talk and no comment on an answer.
            return vague(turn)
        question, shown = turn.memory.get("last_question"), list(turn.memory.get("shown") or [])
        if question and len(shown) < MOST_PASSAGES and turn.memory.get("last_refusal") is None:
            result = built.knowledge.search(str(question), top=10)
            slugs = {entry.split("#")[0] for entry in shown}
            left = [hit for hit in result.hits if hit.slug not in slugs]
            if result.answerable and left:
                found = passage(turn, built, left, result)
                reply = Reply(
                    f"{variant(turn, ANOTHER)}\n\n{found.text}",
                    "answer",
                    turn.memory.get("last_area") or left[0].area,
                    citations=found.citations,
                    evidence=found.evidence,
                )
                return Outcome([reply], {"shown": [*shown, name_of(left[0])]})
        declined = turn.memory.get("declined_offer") == "person"
        offer = Reply(variant(turn, DETAILS if declined else OFFERS), "unknown", turn.memory.get("last_area"), buttons=(PERSON,))
        return Outcome([offer], {"pending_offer": None if declined else "person"})
