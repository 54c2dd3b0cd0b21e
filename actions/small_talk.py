"""Small talk: a short word back, unless the message also asks for something; then that is answered."""

from __future__ import annotations

from dataclasses import replace

from actions.answering import PERSON
from actions.chat import TEXTS, chat
from actions.clarifying import NOTHING_OFFERED
from actions.composition import Services
from actions.following_up import FOLLOW_UP
from actions.handoff import open_ticket_of
from actions.refusals import insists
from actions.reply import Reply
from actions.responder import answers_beside, outcome
from actions.turn import Intent, Turn
from actions.turn_action import Outcome, TurnAction

SURE = 0.7  # of small talk, from which a message after a refusal is not read as insisting


class ActionSmallTalk(TurnAction):
    """Small talk: a short word back, unless the message also asks for something; then that is answered."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The word that belongs to the intent; abuse brings the offer of a person, never an answer in kind."""
        beside = answers_beside(turn, built)
        if beside:
            return beside
        name = turn.intent.name if turn.intent.name in TEXTS else "back_to_bot"
        if turn.memory.get("last_refusal") and turn.intent.confidence < SURE and insists(turn):
            return outcome(turn, built)
        if name == "cancel" and turn.text.rstrip().endswith("?"):
            # "Can I delete it later?" is asked, not told.
            return outcome(replace(turn, intent=Intent(FOLLOW_UP, turn.intent.confidence)), built)
        if name == "cancel":
            return _cancelled(turn, built)
        reply = chat(name, turn)
        if name == "abuse":
            return Outcome([replace(reply, buttons=(PERSON,))], {"pending_offer": "person"})
        return Outcome([reply])


def _cancelled(turn: Turn, built: Services) -> Outcome:
    """Nothing is under way here that could be cancelled; word of a ticket that is open goes to the team."""
    ticket = open_ticket_of(turn, built)
    if ticket is None:
        return Outcome([chat("cancel", turn)], NOTHING_OFFERED)
    built.tickets.note(ticket.number, "customer", turn.text, built.now())
    text = (
        f"Ticket **{ticket.number}** stays with our team, and I've left them a note of what you just wrote. "
        "What else can I help you with?"
    )
    return Outcome([Reply(text, "ticket", ticket.area, ticket.refusal, ticket=ticket.as_contract())], NOTHING_OFFERED)
