"""Tells how the conversation's ticket stands."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import shown
from actions.reply import Button, Reply
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionShowTicket(TurnAction):
    """Tells how the conversation's ticket stands."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The newest ticket of the conversation, or of the customer; where there is none, the way to one."""
        ticket = built.tickets.for_conversation(turn.conversation_id) or built.tickets.newest_of(turn.identity.sub)
        if ticket:
            return Outcome([shown(ticket, built.policy)])
        text = "I can't see a ticket of yours. Shall I open one with our team?"
        button = Button("Open a ticket", "I would like to open a ticket")
        return Outcome([Reply(text, "ticket", buttons=(button,), memory={"pending_offer": "person"})])
