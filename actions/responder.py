"""From a turn to its replies: one question or several, asked in the open or in the middle of a hand-off."""

from __future__ import annotations

from actions.answering import answer
from actions.composition import Services
from actions.integrations import integration
from actions.policy_answers import state_policy, topic_of
from actions.refusals import refusal_of, refuse
from actions.reply import Reply
from actions.turn import AREAS, Turn


def respond(turn: Turn, built: Services) -> list[Reply]:
    """Answer every question of the message; a message with one question brings one reply."""
    parts = questions(turn)
    replies = [reply_to(part, built) for part in parts] if len(parts) > 1 else [reply_to(turn, built)]
    return _without_repeats(replies)


def questions(turn: Turn) -> list[Turn]:
    """The clauses that each ask for something of their own; fewer than two mean that the message is one question.

    Clauses that ask the same kind of support question belong to one story ("It worked yesterday. Today it fails"), so
    they count as several only where a policy topic, an integration or different topics are asked.
    """
    asked = [turn.part(segment) for segment in turn.segments if _answerable(segment.intent.name)]
    kinds = {part.intent.name for part in asked}
    about_policy = any(topic_of(kind) for kind in kinds)
    questions_marked = sum("?" in part.text for part in asked)
    if len(kinds) < 2 or not (about_policy or questions_marked >= 2):
        return []
    seen: dict[str, Turn] = {}
    for part in asked:
        seen.setdefault(part.intent.name, part)
    return list(seen.values())


def reply_to(turn: Turn, built: Services) -> Reply:
    """The one reply to a message of one question."""
    topic = topic_of(turn.intent.name)
    if topic:
        return state_policy(topic, turn, built)
    kind = refusal_of(turn.intent.name)
    if kind:
        return refuse(kind, turn, built)
    if turn.intent.name == "ask_integration":
        return integration(turn, built)
    return answer(turn, built)


def _answerable(intent: str) -> bool:
    return intent in AREAS or topic_of(intent) is not None


def _without_repeats(replies: list[Reply]) -> list[Reply]:
    """Two clauses may find the same passage; it is said once."""
    return list({item.text: item for item in replies}.values())


def asked(turn: Turn) -> list[Turn]:
    """The clauses that ask for something, of a message that as a whole was read as something else ("Hi! How do I ...")."""
    parts = [turn.part(segment) for segment in turn.segments if _answerable(segment.intent.name)]
    return list({part.intent.name: part for part in reversed(parts)}.values())[::-1]
