"""Begins the hand-off to a person, or shows the ticket that the conversation already has."""

from __future__ import annotations

from dataclasses import replace

from actions.clarifying import vague
from actions.composition import Services
from actions.deciding import HINT_OF_WISH, share
from actions.form_answers import sends, thinks_better
from actions.handoff import open_ticket_of
from actions.questions import SURE_CLAUSE, asked, asks_openly, is_request, wants_none, wish
from actions.refusals import insists
from actions.responder import answers_beside, begin_handoff, outcome, replies_to, turned_away
from actions.ticket_details import demands_a_talk, mere_wish, names_support
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

SURE_WISH = 0.6  # of a wish for a person, from which it is one, whatever the message says of the policy
HINT_OF_POLICY = 0.3  # share of the policy intents below that


class ActionStartHandoff(TurnAction):
    """Begins the hand-off to a person, or shows the ticket that the conversation already has."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Only what is asked beside the wish is answered: "open a ticket, the import fails" tells what the matter is."""
        names_nobody = turn.intent.confidence < SURE_CLAUSE or not (names_support(turn.text) or wish(turn))
        names_nobody = names_nobody and not demands_a_talk(turn.text)
        if turn.memory.get("last_refusal") and names_nobody and insists(turn) and not mere_wish(turn.text):
            # "Please make an exception", "others did this for me, just write it": what was declined, and not a person.
            return outcome(turn, built)
        said = names_support(turn.text) or sends(turn.text) or thinks_better(turn.text)
        if turn.intent.confidence < SURE_CLAUSE and wish(turn) is None and not said:
            other = outcome(turn, built)  # "who would look at it then?"
            if other.followup or not turned_away(other.replies):
                return other
            hardly = turn.intent.confidence < HINT_OF_WISH and not mere_wish(turn.text)
            if hardly and not turn.memory.get("last_question"):
                return vague(turn)  # "quick one"
        if turn.intent.confidence < SURE_WISH and share(turn, "policy") >= HINT_OF_POLICY and is_request(turn.text):
            return outcome(turn, built)  # "promise me that somebody answers within the hour" asks for the rule
        # "I want a person to see to these dashboards" asks for nothing but the person.
        parts = [
            part for part in asked(turn) if is_request(part.text) and (asks_openly(part.text) or not names_support(part.text))
        ]
        if wants_none(turn.text) and not parts and open_ticket_of(turn, built) is None:
            back = vague(turn)  # "I don't want a ticket, I want it to work"
            return replace(back, slots={**back.slots, "declined_offer": "person"})
        if parts and wish(turn) == "perhaps":
            return answers_beside(turn, built) or begin_handoff(turn, built)
        return begin_handoff(turn, built, replies_to(parts, built))
