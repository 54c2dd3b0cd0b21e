"""The customer says yes: to the offer of a person, if one is on the table."""

from __future__ import annotations

from dataclasses import replace

from actions.composition import Services
from actions.form_answers import confirms, sends, thinks_better
from actions.handoff import TICKET, open_ticket_of, shown
from actions.refusals import insists
from actions.reply import Button, Reply, variant
from actions.responder import answers_beside, begin_handoff, outcome
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

WHICH = (
    "Happy to. Which of these do you mean?",
    "Gladly; which one is it?",
    "Sure. Please pick one of these, or say it in your words.",
)

SENT = ("It's sent already.", "That's done: our team has it.")


class ActionTakeUpOffer(TurnAction):
    """The customer says yes: to the offer of a person, if one is on the table."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Begin the hand-off, or ask what the yes is meant for; "ok, and how do I ...?" is answered."""
        beside = answers_beside(turn, built)
        if beside:
            return beside
        matter = turn.memory.get("declined_offer") == "person" or turn.memory.get("last_question")
        taken_back = turn.memory.get("declined_offer") == "person" and thinks_better(turn.text)
        if turn.memory.get("pending_offer") == "person" or taken_back or (matter and sends(turn.text)):
            return begin_handoff(turn, built)
        if turn.memory.get("last_refusal") and insists(turn):
            return outcome(turn, built)
        ticket = open_ticket_of(turn, built) if turn.memory.get("last_topic") == TICKET and confirms(turn.text) else None
        if ticket:
            state = shown(ticket, turn, built)  # "yes, send it" once more, behind the ticket that was opened
            return Outcome([replace(state, text=f"{variant(turn, SENT)} {state.text}")])
        if len(turn.offered) > 1:
            buttons = tuple(Button(choice.title, choice.payload) for choice in turn.offered)
            return Outcome([Reply(variant(turn, WHICH), "clarify", buttons=buttons)])
        text = variant(
            turn, ("Good. What else can I help you with?", "Great. Anything else?", "Fine. Just ask if there is more.")
        )
        return Outcome([Reply(text, "smalltalk")])
