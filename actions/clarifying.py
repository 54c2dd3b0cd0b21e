"""Questions back: what a message is about, or in which language help is given."""

from __future__ import annotations

from actions.answering import PERSON
from actions.languages import polite_word
from actions.reply import Button, Reply, variant
from actions.ticket_details import read_impact
from actions.turn import ASKED_BACK, Turn
from actions.turn_action import Outcome

CHOICES = (
    Button("Billing or my account", "I have a question about billing or my account"),
    Button("Something doesn't work", "Something in PipeRocks doesn't work"),
    Button("How to use or set up", "I want to know how to use or set up a feature"),
)
VAGUE = (
    "I'd like to help. Can you tell me a bit more: what were you doing, and what happened?",
    "Happy to look into it. What is it about?",
    "Tell me a little more, please: which part of PipeRocks CRM is it about?",
)
NOT_UNDERSTOOD = (
    "Sorry, I didn't understand that. What is it about?",
    "I couldn't make sense of that one. Could you put it in a few words, or pick one of these?",
    "That went past me. Which of these comes closest?",
)
DETAIL = (
    "Thanks, good to know. Shall I pass it to our team, or what else do you see?",
    "Thank you, that helps. I can hand it to a person, or you tell me more about what happens.",
)
ENGLISH = (
    "I'm sorry, I can only help in English. Could you write it in English? "
    "Or I can open a ticket, and a person from our team will look at your message as it is.",
    "English is the only language I can help in. If that's difficult, I can open a ticket, and our team will look at "
    "your message as you wrote it.",
)

# A yes to a question back is no yes to the person who was offered before it.
NOTHING_OFFERED = {"pending_offer": None}


def vague(turn: Turn) -> Outcome:
    """Ask what it is about, with the choices; what was said is kept for the answer ("cancel" -- "my subscription")."""
    return Outcome([Reply(variant(turn, VAGUE), "clarify", buttons=CHOICES)], {**NOTHING_OFFERED, ASKED_BACK: turn.text})


def detail(turn: Turn) -> Reply:
    """Thanks for a detail of the matter that the talk is on, with the way to a person."""
    return Reply(variant(turn, DETAIL), "clarify", buttons=(PERSON,), memory={"pending_offer": "person"})


def after_detail(turn: Turn) -> Outcome:
    """Thanks for who is affected, told of the matter that the talk is on; a ticket asks for it no more."""
    return Outcome([detail(turn)], {"ticket_impact": read_impact(turn.text)})


def not_understood(turn: Turn) -> Outcome:
    """Say that the message made no sense, with the choices."""
    return Outcome([Reply(variant(turn, NOT_UNDERSTOOD), "clarify", buttons=CHOICES)], NOTHING_OFFERED)


def in_english_please(turn: Turn) -> Outcome:
    """English is what the help centre is written in; a person may do better."""
    text = "\n\n".join(filter(None, (polite_word(turn.text), variant(turn, ENGLISH))))
    return Outcome([Reply(text, "clarify", buttons=(PERSON,))], {"last_question": turn.text, "pending_offer": "person"})
