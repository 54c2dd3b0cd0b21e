"""From a turn to its replies: one question or several, asked in the open or in the middle of a hand-off."""

from __future__ import annotations

from actions.answering import answer, search
from actions.composition import Services
from actions.deciding import weigh
from actions.integrations import integration
from actions.policy_answers import state_policy, topic_of
from actions.refusals import refusal_of, refuse
from actions.reply import Reply
from actions.turn import AREAS, Turn


def respond(turn: Turn, built: Services) -> list[Reply]:
    """Answer every question of the message; a message with one question brings one reply."""
    parts = questions(turn)
    replies = [reply_to(part, built) for part in parts] if len(parts) > 1 else [reply_to(turn, built)]
    # Two clauses may find the same passage; it is said once.
    return list({item.citations[0]["url"] if item.citations else item.text: item for item in replies}.values())


def questions(turn: Turn) -> list[Turn]:
    """The clauses that each ask for something of their own; fewer than two mean that the message is one question.

    Clauses that ask the same kind of support question belong to one story ("It worked yesterday. Today it fails"), so
    they count as several only where a policy topic is asked beside another matter, or where two of them are questions.
    """
    parts = asked(turn)
    about_policy = any(topic_of(part.intent.name) for part in parts)
    with_question_mark = sum("?" in part.text for part in parts)
    return parts if len(parts) > 1 and (about_policy or with_question_mark > 1) else []


def asked(turn: Turn) -> list[Turn]:
    """The clauses of the message that ask for something, one for each intent, in their order."""
    parts: dict[str, Turn] = {}
    for segment in turn.segments:
        if segment.intent.name in AREAS or topic_of(segment.intent.name):
            parts.setdefault(segment.intent.name, turn.part(segment))
    return list(parts.values())


def reply_to(turn: Turn, built: Services) -> Reply:
    """The one reply to a message of one question."""
    found = search(turn, built)
    weighed = weigh(turn, found)
    topic, kind = topic_of(weighed.turn.intent.name), refusal_of(weighed.turn.intent.name)
    if weighed.kind == "policy" and topic:
        return state_policy(topic, weighed.turn, built)
    if weighed.kind == "refuse" and kind:
        return refuse(kind, weighed.turn, built)
    if weighed.turn.intent.name == "ask_integration":
        return integration(weighed.turn, built, found)
    return answer(weighed.turn, built, found, weighed.area)
