"""Asks how the team can reach the customer."""

from __future__ import annotations

from actions.composition import Services
from actions.reply import Reply, variant
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionAskTicketContact(TurnAction):
    """Asks how the team can reach the customer (Rasa calls it when the form wants ``ticket_contact``)."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """An address that the verified identity lacks."""
        text = variant(
            turn,
            (
                "How can our team reach you? An e-mail address or a phone number will do.",
                "Where shall our team reach you? An address such as name@example.com, or a phone number.",
                'I still need a way to reach you: an e-mail address or a phone number, please. Or say "cancel" to stop here.',
            ),
        )
        return Outcome([Reply(text, "collect", turn.memory.get("ticket_area"))])
