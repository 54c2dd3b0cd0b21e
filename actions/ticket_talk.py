"""What is said right after a word on the open ticket: a further detail for it, a question that only it can answer, giving up."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answering import answer, search
from actions.chat import chat
from actions.clarifying import NOTHING_OFFERED, vague
from actions.composition import Services
from actions.following_up import FOLLOW_UP
from actions.form_answers import adds_that, asks_content, asks_number, asks_state, asks_whether, asks_who, names_number
from actions.handoff import TICKET, noted, on_ticket, open_ticket_of, read_out, ticket_state
from actions.policy_answers import asks_how_fast, state_policy, topic_followed, topic_of
from actions.questions import closes_ticket, is_request, opening
from actions.reply import Reply
from actions.ticket_details import names_ticket, stated_impact
from actions.turn import AREAS, FALLBACK, Turn
from actions.turn_action import Outcome

BY_MAIL = (
    "What was sent by email isn't shown to me here; our team answers it there. If you'd rather go on here, I can open a ticket "
    "as well: shall I?"
)
NONE_OPEN = "I can't see an open ticket of yours, so there is nothing to close. What else can I help you with?"
NO_NUMBER = "No number is needed: I'd see a ticket that was opened under your sign-in, and there is none. Shall I open one?"
SURE = 0.5  # of an intent, from which a question is read by itself
LEANING = (FOLLOW_UP, FALLBACK, "inform_impact", "inform_contact")  # intents of what does not stand by itself
ADDED = ("add_to_ticket", FOLLOW_UP, FALLBACK, *AREAS)
_ADDING = re.compile(
    r"^\W*(?:and|also|plus|oh|btw|by the way|besides|additionally|one more|another|forgot|ps|p\.s\.|addition|update)\b"
    r"|\b(?:as well|too|also)\W*$",
    re.IGNORECASE,
)


# "Cancel that, my plan works again" speaks of a plan and cancels nothing of it.
_SUBSCRIPTION = re.compile(
    r"\bcancel\w*\b(?!\s+(?:it|that|this|(?:the|my) (?:ticket|request|case))\b).*"
    r"\b(?:subscription|membership|renewal|contract|our plan|my plan|the plan)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLOSE_IT = re.compile(
    r"^\W*(?:(?:please|ok|okay|then|so|just|now|yes|no)[\s,]+)*close (?:it|that|this)\b"
    r"(?! (?:deal|window|tab|page|month|quarter)\b)",
    re.IGNORECASE,
)
_SENT_BY_MAIL = re.compile(
    r"\b(?:sent|wrote|mailed|submitted|filed|opened|reported|raised|asked|contacted)\b.{0,40}\b(?:by|via|through|over|in an?) "
    r"(?:e-?)?mail\b|\b(?:i|we)(?:['’]ve| have)? e-?mailed\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W*(?:(?:please|i|we|want|wanna|need|would|like|have|to)\s+)*cancel(?:\s+it)?(?:\s+please)?\W*", re.IGNORECASE
)


def on_the_ticket(turn: Turn, built: Services) -> Reply | None:
    """The reply to what leans on the ticket that the talk was on just now; None for what stands by itself."""
    before = str(turn.memory.get("last_topic") or "")
    if before != TICKET and not topic_of(before):  # what the policy says of it was asked in between
        return None
    ticket = open_ticket_of(turn, built)
    if ticket is None:
        if before == TICKET and _SENT_BY_MAIL.search(turn.text) and not is_request(turn.text):
            state = ticket_state(turn, built)
            return state if state.ticket else replace(state, text=BY_MAIL)  # "I sent it by email", where none was seen
        # "Dont have the number anymore", where none was seen
        unsure = turn.intent.name in LEANING or turn.intent.confidence < SURE
        if before != TICKET or not unsure or not names_number(turn.text) or "?" in turn.text:
            return None
        state = ticket_state(turn, built)  # of a ticket that is resolved, or of another conversation, if there is one
        return state if state.ticket else replace(state, text=NO_NUMBER)
    if before == TICKET and _CLOSE_IT.match(turn.text) and "?" not in turn.text and (put_away := cancelled(turn, built)):
        return put_away.replies[0]
    # "And on Sundays" behind the opening hours goes on with the policy; an order to add something is plain anywhere.
    on_policy = before != TICKET and topic_followed(turn.reading, before, built.policy)
    if adds_that(turn.text) or (_adds(turn) and not on_policy):
        return noted(ticket, turn, built)
    if asks_content(turn.reading):
        return read_out(ticket, built)
    return ticket_state(turn, built) if _asks_after(turn, built) else None


def asked_after(turn: Turn, built: Services) -> Reply:
    """The reply to who asks how a ticket stands; where there is none, what may have been meant instead is told."""
    ticket = open_ticket_of(turn, built)
    if ticket and asks_content(turn.reading):
        return read_out(ticket, built)
    state = ticket_state(turn, built)
    if state.ticket is None and asks_how_fast(turn, built):
        # "My ticket from this morning, when is the latest it could be answered?": it may have come by mail.
        return replace(state, text=f"{state.text}\n\n{state_policy('response_time', turn, built).text}")
    if state.ticket is None and turn.memory.get("shown") and not names_ticket(turn.text):
        # "I have requested the message but nothing has arrived" behind a page on it
        about = turn.read_as(FOLLOW_UP)
        reply = answer(about, built, search(about, built), None)
        return reply if reply.decision == "answer" else state
    return state


def cancelled(turn: Turn, built: Services) -> Outcome | None:
    """Nothing is under way here that could be cancelled; word of a ticket that is open goes to the team.

    None where it is the subscription that is to be cancelled.
    """
    ticket = open_ticket_of(turn, built)
    if ticket is None:
        if closes_ticket(turn.text) and built.tickets.newest_of(turn.identity.sub) is None:
            return Outcome([Reply(NONE_OPEN, "ticket")], NOTHING_OFFERED)
        if _SUBSCRIPTION.search(turn.text):
            return None  # "Want to cancel. The subscription, not a ticket" asks how
        begun = any(turn.memory.get(name) for name in ("last_question", "last_topic", "last_refusal", "pending_offer"))
        return Outcome([chat("cancel", turn)], NOTHING_OFFERED) if begun or not _BARE.fullmatch(turn.text) else vague(turn)
    built.tickets.note(ticket.number, "customer", turn.text, built.now())
    text = (
        f"Ticket **{ticket.number}** stays with our team, and I've left them a note of what you just wrote. "
        "What else can I help you with?"
    )
    return Outcome([on_ticket(ticket, text)], NOTHING_OFFERED)


def _adds(turn: Turn) -> bool:
    """ "And it happens in Firefox too" tells more of the matter, as "it concerns all four of us" does; a page is no answer."""
    tells = not is_request(turn.text) and "?" not in turn.text
    concerns = turn.intent.name in LEANING and stated_impact(turn.text) is not None
    return tells and (concerns or (turn.intent.name in ADDED and bool(_ADDING.search(turn.text))))


def _asks_after(turn: Turn, built: Services) -> bool:
    """ "Who handles it now?", "not earlier?", "what number has it?", "and the reply time is shorter now, right?"."""
    first = opening(turn)
    if asks_number(first.reading) or asks_state(first.reading):
        return True
    if first is turn and turn.intent.name not in LEANING and turn.intent.confidence >= SURE:
        return False
    if asks_who(first.reading) or asks_whether(first.reading):
        return True
    hurries = first is not turn or "?" in turn.text
    return hurries and topic_followed(first.reading, TICKET, built.policy) == "response_time"
