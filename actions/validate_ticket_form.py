"""Reads the answers to the hand-off's questions; what is no answer is dealt with and the question asked again."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.composition import services
from actions.deciding import SURE_REFUSAL
from actions.following_up import FOLLOW_UP
from actions.form_answers import (
    adds_that,
    approves,
    asks_next,
    asks_who,
    asks_why,
    begins_with_me,
    finds_fault,
    forbids,
    hesitates,
    just_here,
    known_address,
    names_address,
    names_chat,
    not_yet,
    orders,
    resumes,
    sends,
    waits,
)
from actions.handoff import LONGEST_SUMMARY, NO_DETAILS, SLOTS
from actions.policy_answers import PREFIX, asks_how_fast, topic_of
from actions.questions import SURE_CLAUSE, asked, asks_anywhere, asks_openly, drops_for, gives_up, is_request
from actions.refusals import refusal_of
from actions.reply import Reply, utter, variant
from actions.responder import area_of_matter, respond
from actions.ticket_changes import SHORT_ANSWER, corrections, told_beside, with_more, without_contact
from actions.ticket_details import offered_contact, read_contact, read_impact, stated_impact, surely_impact, tells_the_matter
from actions.turn import AREAS, FALLBACK, Turn, read_turn
from actions.unreadable import unreadable

DETAIL_WORDS = 3
SHORTEST = 2  # words of an answer that is one whatever it sounds like ("3")
SURE_SOLVED = 0.9  # of the word that the matter is solved, from which no ticket is opened for it
WISHES = ("request_human", "request_escalation")
UNSAID = (*WISHES, FOLLOW_UP, FALLBACK)  # intents of what may ask for something else all the same
# What interrupts any question of the hand-off: it is answered and the question comes again.
ASIDES = (
    "policy_",
    "ticket_status",
    "greet",
    "thank",
    "how_are_you",
    "chitchat",
    "bot_challenge",
    "capabilities",
    "ask_integration",
    "abuse",
)
SMALL = {
    "greet": "Hello!",
    "thank": "You're welcome.",
    "bot_challenge": "I'm the PipeRocks Support assistant, a bot; the ticket goes to a person.",
    "capabilities": "I answer questions on PipeRocks CRM, and right now I'm collecting what our team needs for your ticket.",
    "ticket_status": "Your ticket isn't open yet; we're nearly there.",
    "how_are_you": "Fine, thank you.",
    "chitchat": "No harm done.",
    "abuse": "I'm sorry this has been frustrating. Let's get it to a person.",
}
CHANGE = "Let's put that right. What should I change?"
NO_PAGE = (
    "I have no page on that, so it goes along to our team.",
    "Our help centre has nothing on that; I've added it to your request.",
)
NOT_YET = "Not yet, then. What should I change? To drop it altogether, say cancel."
WHO = "Our support team: a person there takes it up once your ticket is open."
WHY = {
    "ticket_summary": "So that the right person on our team sees what it is about.",
    "ticket_impact": "Our team goes by it when they judge how urgent a request is.",
    "ticket_contact": "So that our answer reaches you outside of this chat as well.",
    "ticket_confirm": "I'd like to send our team only what you find right.",
}
NEXT = (
    "Once you say yes, the ticket goes to our team with what stands in it and this conversation; "
    "I tell you its number and when you can expect an answer."
)
HERE = "this chat"


class ValidateTicketForm(FormValidationAction):
    """Checks each slot of ``ticket_form``; returns None for what is no answer, so that Rasa asks again."""

    def name(self) -> str:
        """Name in ``domain.yml``."""
        return "validate_ticket_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[str]:
        """Nothing more once the customer cancelled."""
        return [] if tracker.get_slot("ticket_confirm") == "no" else list(SLOTS)

    async def extract_ticket_confirm(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Cancelling works at every question, not only at the last one."""
        turn, wanted = read_turn(tracker), tracker.get_slot("requested_slot")
        # The decision falls when the slot is validated: a slot that says "no" already would be validated no more.
        return {"ticket_confirm": turn.text} if wanted == "ticket_confirm" or (wanted and _cancels(turn)) else {}

    async def validate_ticket_summary(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Anything with words in it; a bare repeated wish for a person counts as one, so that nobody is stuck."""
        if tracker.get_slot("requested_slot") != "ticket_summary":
            return {"ticket_summary": value}
        turn = read_turn(tracker)
        if not _tells_a_story(turn) and await self._aside(turn, dispatcher):
            return {"ticket_summary": None}
        if turn.intent.name in ("affirm", "deny", *WISHES):
            return {"ticket_summary": NO_DETAILS}
        if unreadable(turn) and turn.intent.name != "other_language":
            utter(dispatcher, turn, [Reply("I didn't understand that.", "collect")])
            return {"ticket_summary": None}
        if turn.intent.name in ("inform_contact", "inform_impact") and not tells_the_matter(turn.text):
            return {"ticket_summary": None, **told_beside(turn)}
        # A refusal lowers the ticket's priority, so an unsure one does not count.
        kind = refusal_of(turn.intent.name) if turn.intent.confidence >= SURE_REFUSAL else None
        area = None if kind else await asyncio.to_thread(area_of_matter, turn, services())
        return {
            "ticket_summary": str(value).strip()[:LONGEST_SUMMARY],
            "ticket_area": area or tracker.get_slot("ticket_area"),
            "ticket_refusal": kind or tracker.get_slot("ticket_refusal"),
            **told_beside(turn),
        }

    async def validate_ticket_impact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Just me, several, or everyone, in the customer's own words."""
        if value in ("me", "several", "everyone") or tracker.get_slot("requested_slot") != "ticket_impact":
            # When the form begins, Rasa has every slot looked at, before anything was asked.
            return {"ticket_impact": value}
        turn = read_turn(tracker)
        contact = offered_contact(turn.text)
        rest = without_contact(turn.text, contact)
        if orders(turn.text) and tracker.get_slot("ticket_summary") not in (None, NO_DETAILS):
            # Who tells us to open it has answered enough questions: the careful assumption, and no further one.
            return {"ticket_impact": "me", "ticket_confirm": "yes"}
        # "Alright. It's only me" sounds like thanks, "the Zoom thing concerns me and two colleagues" like a question on Zoom.
        plain = stated_impact(rest) or (read_impact(rest) if len(rest.split()) <= SHORTEST else None)
        said = None if asks_anywhere(rest) else plain
        if said is None and await self._aside(turn, dispatcher):
            return {"ticket_impact": None}
        # "It lost half of the contacts" is more of the matter; who is affected must then be said plainly.
        tells = turn.intent.name in AREAS and len(rest.split()) > DETAIL_WORDS and not begins_with_me(rest)
        impact = said or (stated_impact(rest) if tells else read_impact(rest))
        if impact is None and turn.intent.name == "inform_impact" and turn.intent.confidence >= SURE_REFUSAL:
            impact = surely_impact(rest)
        if impact is None and turn.intent.name in WISHES:
            # Somebody who only repeats "human!" gets the ticket, with the careful assumption.
            impact = "me"
        facts = {"ticket_impact": impact, **({"ticket_contact": contact} if contact else {})}
        if impact and tells and turn.intent.confidence >= SURE_CLAUSE and tells_the_matter(rest):
            # "Meetings don't show in PipeRocks, and everybody in the office has it" says more than whom it affects.
            facts["ticket_summary"] = with_more(tracker.get_slot("ticket_summary"), rest)
        if impact or contact:
            return facts
        return {**facts, **await self._other_than_an_answer(turn, dispatcher, tracker)}

    async def validate_ticket_contact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """An e-mail address or a phone number; "here" does as well, as the answer shows up in the chat anyway."""
        contact = read_contact(str(value))
        if tracker.get_slot("requested_slot") != "ticket_contact":
            return {"ticket_contact": value}
        if contact:
            return {"ticket_contact": contact}
        turn = read_turn(tracker)
        if just_here(turn.text) and len(turn.text.split()) <= SHORT_ANSWER:
            return {"ticket_contact": HERE}  # whatever it sounds like
        if await self._aside(turn, dispatcher):
            return {"ticket_contact": None}
        if known_address(turn.text) and turn.identity.email:
            return {"ticket_contact": turn.identity.email}
        if turn.intent.name in WISHES or (names_chat(turn.text) and not is_request(turn.text)):
            return {"ticket_contact": HERE}
        return {"ticket_contact": None, **await self._other_than_an_answer(turn, dispatcher, tracker)}

    async def validate_ticket_confirm(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Yes, no, or a correction, which is taken over before the question comes again."""
        turn = read_turn(tracker)
        if tracker.get_slot("requested_slot") and _cancels(turn):
            return {"ticket_confirm": "no"}
        if value in ("yes", "no") or tracker.get_slot("requested_slot") != "ticket_confirm":
            return {"ticket_confirm": value}
        found = corrections(turn)
        if not found and turn.identity.email and known_address(turn.text) and names_address(turn.text):
            found = {"ticket_contact": turn.identity.email}
        if found:
            return {**found, "ticket_confirm": None}
        if forbids(turn.text):
            return {"ticket_confirm": "no"}
        wished = turn.intent.name in WISHES and not asks_openly(turn.text)
        if turn.intent.name == "affirm" or wished or sends(turn.text) or approves(turn.text):
            return {"ticket_confirm": "yes"}
        if turn.intent.name == "deny" or not_yet(turn.text):
            wrong = finds_fault(turn.text)
            # What was told is not put away over a "hmm, no", which may only mean that a line of it is wrong.
            if wrong or ((hesitates(turn.text) or not_yet(turn.text)) and NOT_YET not in turn.said[-2:]):
                utter(dispatcher, turn, [Reply(CHANGE if wrong else NOT_YET, "collect")])
                return {"ticket_confirm": None}
            return {"ticket_confirm": "no"}
        if await self._aside(turn, dispatcher):
            return {"ticket_confirm": None}
        return {"ticket_confirm": None, **await self._other_than_an_answer(turn, dispatcher, tracker)}

    async def _other_than_an_answer(self, turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
        """A question is answered in between; more details belong to the request; anything else changes nothing."""
        if unreadable(turn) and turn.intent.name != "other_language":
            return {}
        if turn.intent.name == "add_to_ticket" or adds_that(turn.text):
            return {"ticket_summary": with_more(tracker.get_slot("ticket_summary"), turn.text)}
        about_something = _about_something(turn.intent.name)
        # "How do I clear a filter? Maybe that's it": the question counts, wherever in the message it stands.
        asks = any(asks_openly(part.text) for part in asked(turn))
        follows = turn.intent.name == FOLLOW_UP
        unclear = turn.intent.name == FALLBACK and is_request(turn.text)
        if asks or unclear or (is_request(turn.text) and (about_something or follows or turn.text.rstrip().endswith("?"))):
            known = [item for item in await self._respond(turn) if item.decision not in ("unknown", "clarify")]
            utter(dispatcher, turn, known)
            if known or len(turn.text.split()) < DETAIL_WORDS:
                return {}
            # What no page answers goes to the person who will: nobody on the way to one is asked whether they want one.
            if asks or follows or about_something:
                utter(dispatcher, turn, [Reply(variant(turn, NO_PAGE), "collect")])
            return {"ticket_summary": with_more(tracker.get_slot("ticket_summary"), turn.text)}
        if len(turn.text.split()) < DETAIL_WORDS or (
            tracker.get_slot("requested_slot") != "ticket_confirm" and not about_something
        ):
            return {}
        return {"ticket_summary": with_more(tracker.get_slot("ticket_summary"), turn.text)}

    async def _aside(self, turn: Turn, dispatcher: CollectingDispatcher) -> bool:
        """Deal with what is no answer to any question of the hand-off; whether it was one."""
        if waits(turn.text):
            utter(dispatcher, turn, [Reply("Take your time, I'll wait.", "smalltalk")])
            return True
        slot = str(turn.memory.get("requested_slot"))
        reason = WHY.get(slot) if asks_why(turn.text) else NEXT if asks_next(turn.text) else None
        if reason:
            utter(dispatcher, turn, [Reply(reason, "collect")])
            return True
        about_product = turn.area is not None and turn.intent.confidence >= SURE_CLAUSE
        if asks_who(turn.reading) and turn.intent.confidence < SURE_REFUSAL and not about_product:
            utter(dispatcher, turn, [Reply(WHO, "collect")])
            return True
        if turn.intent.name in UNSAID and asks_openly(turn.reading) and asks_how_fast(turn, services()):
            # "How long till someone answers that" sounds like one more wish for a person.
            utter(dispatcher, turn, await self._respond(turn.read_as(f"{PREFIX}response_time")))
            return True
        if not turn.intent.name.startswith(ASIDES) and not _chore(turn):
            return False
        if turn.intent.name == "abuse" and len(turn.text.split()) > SHORT_ANSWER:
            return False  # a long angry message tells what the matter is
        text = SMALL.get(turn.intent.name)
        utter(dispatcher, turn, [Reply(text, "smalltalk")] if text else await self._respond(turn))
        return True

    async def _respond(self, turn: Turn) -> list[Reply]:
        return await asyncio.to_thread(respond, turn, services())


def _about_something(intent: str) -> bool:
    return intent in AREAS or bool(refusal_of(intent)) or bool(topic_of(intent))


def _chore(turn: Turn) -> bool:
    """Whether a message surely asks for what has nothing to do with the product ("tell me a joke first")."""
    sure = refusal_of(turn.intent.name) == "off_topic" and turn.intent.confidence >= SURE_REFUSAL
    return sure and (asks_anywhere(turn.text) or any(is_request(segment.text) for segment in turn.segments))


def _cancels(turn: Turn) -> bool:
    goes_on = waits(turn.text) or sends(turn.text) or resumes(turn.text)
    solved = turn.intent.name == "solved" and turn.intent.confidence >= SURE_SOLVED and not approves(turn.text)
    return (turn.intent.name == "cancel" or solved or gives_up(turn) or drops_for(turn)) and not goes_on


def _tells_a_story(turn: Turn) -> bool:
    """Whether a message that sounds like a question on the policy or an integration tells the matter at length."""
    about = turn.intent.name == "ask_integration" or topic_of(turn.intent.name) is not None
    return about and len(turn.text.split()) > SHORT_ANSWER and not is_request(turn.text)
