"""Escalates the conversation's ticket to a senior technician (step 2 of the policy), or begins with the ticket (step 1)."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.composition import Services
from actions.following_up import FOLLOW_UP
from actions.handoff import FORM, STATUS_WORDS, escalated, known_facts, on_ticket, open_ticket_of
from actions.policy_answers import state_policy
from actions.refusals import insists
from actions.reply import Reply
from actions.responder import outcome
from actions.ticket_details import stated_impact
from actions.turn import Intent, Turn
from actions.turn_action import Outcome, TurnAction
from index.query_text import points_back

_ON_A_CONDITION = re.compile(  # "if possible, could you escalate it?" and "if it isn't fixed today, can you ...?" are no such
    r"^\W*(?:(?:and|but|so|ok|okay|or|then|what)\W+)*(?:if|in case)\s+(?!possible|you do(?:n['’]?t| not) mind)"
    r"(?![^?]*\b(?:you|please|today|now|tomorrow)\b)[^?.!]*\?\W*$",
    re.IGNORECASE,
)
_HOW = re.compile(r"(?:^|[.!?,]\s+)\W*(?:and |so |but |ok )*(?:how|what|what['’]?s|who|where|which)\b", re.IGNORECASE)

_ESCALATES = re.compile(
    r"escalat|senior|\b(?:higher|next|second|third) (?:level|line|tier)|superior|supervisor|manager|boss|urgen|priorit|faster|"
    r"quick|speed|asap|immediate|hurr|ticket|case|request",
    re.IGNORECASE,
)
SURE = 0.5  # of the wish, from which it stands by itself


class ActionEscalateTicket(TurnAction):
    """Escalates the conversation's ticket to a senior technician (step 2 of the policy), or begins with the ticket (step 1)."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Escalating twice changes nothing; without a ticket the first step is one, marked for escalation."""
        ticket = open_ticket_of(turn, built)
        if ticket is None and turn.memory.get("last_refusal") and insists(turn) and "escalat" not in turn.text.lower():
            return outcome(turn, built)  # "We can't upgrade, so just fix it" presses on with what was declined
        unsure = turn.intent.confidence < SURE and turn.memory.get("last_question") and not _ESCALATES.search(turn.text)
        if ticket is None and unsure and points_back(turn.reading):
            return outcome(replace(turn, intent=Intent(FOLLOW_UP, 1.0)), built)  # "Can I move it up a bit?", of a stage
        if ticket is None and _HOW.search(turn.text):
            return Outcome([state_policy("escalation", turn, built)])  # "How do I get it in front of someone more senior?"
        if ticket is None:
            first = Reply("Escalation starts from a ticket, so let's open one; I'll mark it for escalation.", "collect")
            return Outcome([first], {**known_facts(turn), "ticket_escalate": True}, FORM)
        if _ON_A_CONDITION.match(turn.text):
            return Outcome([state_policy("escalation", turn, built)])  # "And if nobody manages to fix it, can it go to a senior?"
        wide = ticket.impact != "me" or stated_impact(turn.text) in ("several", "everyone")
        if ticket.escalation_step >= (3 if wide else 2):
            text = f"Ticket **{ticket.number}** is already escalated and {STATUS_WORDS[ticket.status]}."
            return Outcome([on_ticket(ticket, text)])
        ticket = escalated(ticket, wide, turn.text, built)
        text = f"I've escalated ticket **{ticket.number}**. A senior technician will review your case."
        if wide:
            text += " As it affects more than one person, our team will prioritize it."
        return Outcome([on_ticket(ticket, text)])
