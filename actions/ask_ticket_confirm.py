"""Shows what will be sent to the team and asks for a yes."""

from __future__ import annotations

from actions.composition import Services
from actions.handoff import CONFIRM_BUTTONS, summary_of
from actions.reply import Reply, variant
from actions.turn import Turn
from actions.turn_action import Outcome, TurnAction

LEADS = (
    "This is what I'll send to our team, together with our conversation:",
    "Here is how it stands now; our conversation goes along with it:",
    "This goes to our team, with what we wrote here:",
)
QUESTIONS = (
    "Shall I open the ticket? You can also correct anything first.",
    "Does that look right? Then I'll open the ticket; or tell me what to change.",
    "Open the ticket like this? Corrections are welcome.",
)


class ActionAskTicketConfirm(TurnAction):
    """Shows what will be sent to the team and asks for a yes (Rasa calls it when the form wants ``ticket_confirm``)."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """The facts so far; a correction is as good as a yes."""
        lines = [variant(turn, LEADS), "", summary_of(turn.memory), ""]
        if turn.memory.get("ticket_refusal"):
            lines += ["It looks like something outside our standard support, so the team may have to decline it too.", ""]
        lines.append(variant(turn, QUESTIONS))
        return Outcome([Reply("\n".join(lines), "collect", turn.memory.get("ticket_area"), buttons=CONFIRM_BUTTONS)])
