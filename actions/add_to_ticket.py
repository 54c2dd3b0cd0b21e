"""A detail that a customer adds to the ticket that is open already."""

from __future__ import annotations

from actions.composition import Services
from actions.form_answers import adds_that
from actions.handoff import noted, open_ticket_of
from actions.questions import is_request
from actions.responder import outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

SURE = 0.6  # of the intent, from which even what is put as a question is a detail ("can you add that ...?")


class ActionAddToTicket(TurnAction):
    """Passes a further detail on to the people who have the ticket."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Note it on the open ticket; where none is open, or an article answers what is asked, it is a message like any other."""
        ticket = open_ticket_of(turn, built)
        unsure = is_request(turn.text) and turn.intent.confidence < SURE and not adds_that(turn.text)
        if ticket is None or (unsure and built.knowledge.search(turn.reading).answerable):
            return outcome(turn, built)
        return Outcome([noted(ticket, turn, built)])
