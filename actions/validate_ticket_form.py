"""Reads the answers to the hand-off's questions; what is no answer is dealt with and the question asked again."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.composition import services
from actions.deciding import SURE_REFUSAL
from actions.handoff import SLOTS, read_contact, read_impact
from actions.refusals import refusal_of
from actions.reply import Reply, utter
from actions.responder import respond
from actions.turn import AREAS, Turn, read_turn

LONGEST_SUMMARY = 2000
# What interrupts any question of the hand-off: it is answered and the question comes again.
ASIDES = ("policy_", "ticket_status", "greet", "thank", "how_are_you", "bot_challenge", "capabilities", "ask_integration")
SMALL = {
    "greet": "Hello!",
    "thank": "You're welcome.",
    "how_are_you": "Fine, thank you.",
    "bot_challenge": "I'm the PipeRocks Support assistant, a bot; the ticket goes to a person.",
    "capabilities": "I answer questions on PipeRocks CRM, and right now I'm collecting what our team needs for your ticket.",
    "ticket_status": "Your ticket isn't open yet; we're nearly there.",
}


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
        turn = read_turn(tracker)
        if tracker.get_slot("requested_slot") and turn.intent.name == "cancel":
            return {"ticket_confirm": "no"}
        if tracker.get_slot("requested_slot") == "ticket_confirm":
            return {"ticket_confirm": turn.text}
        return {}

    async def validate_ticket_summary(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Anything with words in it; a bare repeated wish for a person counts as one, so that nobody is stuck."""
        if tracker.get_slot("requested_slot") != "ticket_summary":
            return {"ticket_summary": value}
        turn = read_turn(tracker)
        if await self._aside(turn, dispatcher):
            return {"ticket_summary": None}
        if turn.intent.name in ("request_human", "affirm", "deny", "request_escalation"):
            return {"ticket_summary": "The customer asked for a person and gave no details yet."}
        area = AREAS.get(turn.intent.name) or tracker.get_slot("ticket_area")
        # A refusal lowers the ticket's priority, so an unsure one does not count.
        kind = refusal_of(turn.intent.name) if turn.intent.confidence >= SURE_REFUSAL else None
        impact = read_impact(turn.text) if turn.intent.name != "inform_impact" else None
        found: dict[str, Any] = {
            "ticket_summary": str(value).strip()[:LONGEST_SUMMARY],
            "ticket_area": area,
            "ticket_refusal": kind or tracker.get_slot("ticket_refusal"),
        }
        if impact == "everyone":
            found["ticket_impact"] = impact
        return found

    async def validate_ticket_impact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Just me, several, or everyone, in the customer's own words."""
        if value in ("me", "several", "everyone") or tracker.get_slot("requested_slot") != "ticket_impact":
            # When the form begins, Rasa has every slot looked at, before anything was asked.
            return {"ticket_impact": value}
        turn = read_turn(tracker)
        if await self._aside(turn, dispatcher):
            return {"ticket_impact": None}
        impact = read_impact(str(value))
        if impact is None and turn.intent.name in ("request_human", "request_escalation"):
            # Somebody who only repeats "human!" gets the ticket, with the careful assumption.
            impact = "me"
        if impact is None and self._is_question(turn):
            utter(dispatcher, turn, await self._respond(turn))
        return {"ticket_impact": impact}

    async def validate_ticket_contact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """An e-mail address or a phone number."""
        contact = read_contact(str(value))
        if tracker.get_slot("requested_slot") != "ticket_contact":
            return {"ticket_contact": value}
        if contact:
            return {"ticket_contact": contact}
        turn = read_turn(tracker)
        if not await self._aside(turn, dispatcher) and self._is_question(turn):
            utter(dispatcher, turn, await self._respond(turn))
        return {"ticket_contact": None}

    async def validate_ticket_confirm(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Yes, no, or a correction, which is taken over before the question comes again."""
        if value in ("yes", "no") or tracker.get_slot("requested_slot") != "ticket_confirm":
            return {"ticket_confirm": value}
        turn = read_turn(tracker)
        contact, impact = read_contact(turn.text), None
        if turn.intent.name == "inform_impact":
            impact = read_impact(turn.text)
        corrected = {"ticket_contact": contact, "ticket_impact": impact}
        if contact or impact:
            return {**{slot: found for slot, found in corrected.items() if found}, "ticket_confirm": None}
        if turn.intent.name in ("affirm", "request_human", "request_escalation"):
            return {"ticket_confirm": "yes"}
        if turn.intent.name in ("deny", "cancel"):
            return {"ticket_confirm": "no"}
        if not await self._aside(turn, dispatcher):
            if self._is_question(turn) and turn.text.rstrip().endswith("?"):
                utter(dispatcher, turn, await self._respond(turn))
            elif len(turn.text.split()) >= 3:
                # More details instead of a yes: they belong to the request.
                joined = f"{tracker.get_slot('ticket_summary')} {turn.text}".strip()[:LONGEST_SUMMARY]
                return {"ticket_summary": joined, "ticket_confirm": None}
        return {"ticket_confirm": None}

    async def _aside(self, turn: Turn, dispatcher: CollectingDispatcher) -> bool:
        """Deal with what is no answer to any question of the hand-off; whether it was one."""
        if not turn.intent.name.startswith(ASIDES):
            return False
        text = SMALL.get(turn.intent.name)
        utter(dispatcher, turn, [Reply(text, "smalltalk")] if text else await self._respond(turn))
        return True

    async def _respond(self, turn: Turn) -> list[Reply]:
        return await asyncio.to_thread(respond, turn, services())

    @staticmethod
    def _is_question(turn: Turn) -> bool:
        """Whether an answer that could not be read is a question of its own; a single odd word is none."""
        about_something = turn.intent.name in AREAS or turn.intent.name.startswith(("outside_", "policy_"))
        return about_something and ("?" in turn.text or len(turn.text.split()) >= 5)


def corrections(turn: Turn) -> dict[str, Any]:
    """What a message at the confirmation changes: the address, whom it affects, or both."""
    contact = read_contact(turn.text)
    found: dict[str, Any] = {"ticket_contact": contact} if contact else {}
    impact = read_impact(turn.text.replace(contact, " ") if contact else turn.text)
    # "My address is ..." says nothing of who is affected, so beside an address only others count.
    if impact and (impact != "me" if contact else turn.intent.name == "inform_impact"):
        found["ticket_impact"] = impact
    return found
