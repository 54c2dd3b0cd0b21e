"""Small talk: a short word back, unless the message also asks for something; then that is answered."""

from __future__ import annotations

from dataclasses import replace

from actions.answering import PERSON
from actions.carrying_on import til_when
from actions.chat import TEXTS, chat
from actions.clarifying import NOTHING_OFFERED
from actions.composition import Services
from actions.deciding import outweighed
from actions.following_up import FOLLOW_UP
from actions.form_answers import thinks_better
from actions.handoff import noted, open_ticket_of
from actions.questions import gives_up
from actions.refusals import insists
from actions.responder import answers_beside, begin_handoff, outcome, turned_away
from actions.ticket_details import names_support
from actions.ticket_talk import cancelled
from actions.turn import Intent, Turn
from actions.turn_action import Outcome, TurnAction

ENDS = ("cancel", "solved", "thank", "goodbye")
SURE_END = {"cancel": 0.5, "solved": 0.6}  # of the word that a matter is dropped or solved, from which the talk on it ends
SURE_BACK = 0.5  # of who comes back to the assistant, from which it says so ("Been there. The bot is in the channel too")
SURE = 0.7  # of small talk, from which a message after a refusal is not read as insisting


class ActionSmallTalk(TurnAction):
    """Small talk: a short word back, unless the message also asks for something; then that is answered."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The word that belongs to the intent; abuse brings the offer of a person, never an answer in kind."""
        if gives_up(turn) and open_ticket_of(turn, built) and (given_up := cancelled(turn, built)):
            return given_up  # "My bad, I had a filter set. You can close the ticket"
        beside = answers_beside(turn, built)
        if beside:
            return beside
        if turn.memory.get("last_topic") and til_when(turn.reading):
            return outcome(turn.read_as(FOLLOW_UP), built)  # sounds like a goodbye
        if thinks_better(turn.text) and names_support(turn.text):
            return begin_handoff(turn, built)  # "hm, that wasn't it. Let's do the ticket after all"
        unsure = turn.intent.confidence < SURE_END.get(turn.intent.name, 0.0) and not gives_up(turn)
        if unsure or (turn.intent.name in ENDS and outweighed(turn, turn.intent.name)):
            other = outcome(turn, built)
            if other.followup or not turned_away(other.replies):
                return other
        if turn.intent.name == "back_to_bot" and turn.intent.confidence < SURE_BACK and turn.memory.get("last_question"):
            return outcome(turn, built)
        name = turn.intent.name if turn.intent.name in TEXTS else "back_to_bot"
        if turn.memory.get("last_refusal") and turn.intent.confidence < SURE and insists(turn):
            return outcome(turn, built)
        if name == "cancel" and turn.text.rstrip().endswith("?"):
            # "Can I delete it later?" is asked, not told.
            return outcome(replace(turn, intent=Intent(FOLLOW_UP, turn.intent.confidence)), built)
        if name == "cancel":
            return cancelled(turn, built) or outcome(replace(turn, intent=Intent("ask_billing", 1.0)), built)
        ticket = open_ticket_of(turn, built) if name == "solved" else None
        if ticket:
            return Outcome([noted(ticket, turn, built)])  # the people who have it must know, and they close it
        reply = chat(name, turn)
        if name == "abuse":
            return Outcome([replace(reply, buttons=(PERSON,))], {"pending_offer": "person"})
        return Outcome([reply], NOTHING_OFFERED if name == "solved" else {})
