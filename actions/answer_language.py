"""Another language: says in which one help is given, and offers a ticket."""

from __future__ import annotations

from actions.answering import PERSON
from actions.composition import Services
from actions.reply import Reply
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction


class ActionAnswerLanguage(TurnAction):
    """Another language: says in which one help is given, and offers a ticket."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Say so, and offer a person."""
        return in_english_please(turn)


def in_english_please(turn: Turn) -> Outcome:
    """English is what the help centre is written in; a person may do better."""
    text = (
        "I'm sorry, I can only help in English. Could you write it in English? "
        "Or I can open a ticket, and a person from our team will look at your message as it is."
    )
    return Outcome([Reply(text, "clarify", buttons=(PERSON,))], {"last_question": turn.text, "pending_offer": "person"})
