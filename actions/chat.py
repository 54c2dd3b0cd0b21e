"""What is said in small talk, several wordings each; no text here may state a response time or opening hours."""

from __future__ import annotations

import math

from actions.deciding import SURE_REFUSAL, probability
from actions.questions import SURE_CLAUSE, asks_anywhere
from actions.reply import Reply, variant
from actions.turn import AREAS, Turn

ENDS = {"thank": SURE_REFUSAL, "goodbye": SURE_REFUSAL, "chitchat": SURE_CLAUSE}  # how sure the classifier must be of it
HINT_OF_SUPPORT = 0.1  # of the whole message, below which what a clause of it tells is nothing to answer

TEXTS = {
    "thank": ("You're welcome!", "Glad to help.", "Any time."),
    "solved": ("Good to hear that it's sorted!", "Great, then that's done.", "Glad it works."),
    "goodbye": (
        "Goodbye, and thanks for stopping by.",
        "Take care! I'm here behind the question mark whenever you need me.",
        "Bye for now!",
    ),
    "how_are_you": (
        "I'm doing well, thank you. What can I do for you?",
        "All good here, thanks for asking. What brings you here?",
    ),
    "chitchat": (
        "No harm done. What can I do for you?",
        "Fair enough! I'm here when you have a question on PipeRocks.",
        "Ha. Whenever you're ready, just ask.",
    ),
    "bot_challenge": (
        "I'm a bot: the PipeRocks Support assistant. I answer from our help centre and our Support Policy, and I can hand you "
        "over to a person.",
        "A bot, honestly. The people are one step away: say the word and I'll pass your request to our team.",
        "I'm a bot: the PipeRocks Support assistant. For a human being, just ask for one.",
    ),
    "capabilities": (
        "I can answer questions on billing, technical trouble, features and customisation of PipeRocks CRM, tell you what our "
        "Support Policy says, check on a ticket, and hand you over to a person. What would you like to know?",
        "Ask me anything about using PipeRocks CRM, fixing what doesn't work, setting it up, or billing. I also know our Support "
        "Policy, can check on a ticket, and can bring in a person.",
    ),
    "abuse": (
        "I'm sorry this has been frustrating. Tell me what went wrong and I'll do my best, or I can hand you over to a person.",
        "I can hear that you're annoyed, and I'd like to get this sorted. What happened? A person can take over too, if you "
        "prefer.",
        "Sorry that this isn't going well. If you'd rather deal with one of my human colleagues, just say so.",
    ),
    "back_to_bot": ("You're talking to the assistant. What can I help you with?", "Back with you. What's next?"),
    "cancel": (
        "All right, I'll leave it there. What else can I help you with?",
        "Sure, consider it dropped. Anything else?",
        "No problem, we'll stop here.",
    ),
}


def chat(name: str, turn: Turn) -> Reply:
    """A word back on the intent ``name``, one of :data:`TEXTS`."""
    return Reply(variant(turn, TEXTS[name]), "smalltalk")


def only_ends(turn: Turn) -> bool:
    """Whether a message surely thanks, says goodbye or jokes, and asks nothing ("Thank you, that's everything for the audit")."""
    support = sum(probability(turn, name) for name in AREAS)
    surely = turn.intent.confidence >= ENDS.get(turn.intent.name, math.inf) and support < HINT_OF_SUPPORT
    return surely and not asks_anywhere(turn.text) and "?" not in turn.text
