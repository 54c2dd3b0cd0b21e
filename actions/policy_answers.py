"""The policy's own words, rendered from its data; opening hours with how things stand right now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from actions.answering import PERSON
from actions.composition import Services
from actions.reply import Reply
from actions.turn import Turn
from policy.clock import on_duty
from policy.document import PolicyDocument
from policy.statements import state

PREFIX = "policy_"


def topic_of(intent: str) -> str | None:
    """The policy topic of an intent such as ``policy_hours``."""
    return intent[len(PREFIX) :] if intent.startswith(PREFIX) else None


def topic_followed(text: str, before: str, policy: PolicyDocument) -> str | None:
    """The topic that a question leaning on the policy's topic ``before`` means by its words; None where none is named.

    "And on Sundays?" means the hours whatever was asked before; where words of several topics stand in it, those of most, and
    of as many the one before.
    """
    said = text.lower().replace("’", "'")
    found = {
        topic: sum(bool(_named(word).search(said)) for word in statement.words) for topic, statement in policy.statements.items()
    }
    best = max(found, key=lambda topic: (found[topic], topic == before))
    return best if found[best] else None


def asks_how_fast(turn: Turn, built: Services) -> bool:
    """Whether the words of a message name the response time, and nothing else of the policy in more of them."""
    return topic_followed(turn.reading, "", built.policy) == "response_time"


def topic_named(text: str, topic: str, policy: PolicyDocument) -> bool:
    """Whether a text has one of the words by which a customer means the topic."""
    said = text.lower().replace("’", "'")
    return any(_named(word).search(said) for word in policy.statements[topic].words)


def beside_the_policy(text: str, policy: PolicyDocument) -> str:
    """A text without the words by which it may mean a topic of the policy."""
    rest = text.lower().replace("’", "'")
    for statement in policy.statements.values():
        for word in statement.words:
            rest = _named(word).sub(" ", rest)
    return rest


def gives_address(topic: str, policy: PolicyDocument) -> bool:
    """Whether the statement on a topic says to whom to write about it."""
    statement = policy.statements[topic]
    return any("_email}" in text for text in (statement.text, statement.otherwise, *statement.plans.values()))


@cache
def _named(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def state_policies(topics: Sequence[str], turn: Turn, built: Services) -> Reply:
    """State several topics in one reply; the first is what the reply is recorded as."""
    first, *others = (state_policy(topic, turn, built) for topic in topics)
    return replace(first, text="\n\n".join((first.text, *(other.text for other in others))))


def state_policy(topic: str, turn: Turn, built: Services) -> Reply:
    """State all facts of a topic, naming the policy's section."""
    duty = on_duty(built.now(), turn.identity.tz, turn.identity.region, built.policy)
    links = {"help": built.links.help, "videos": built.links.videos, "community": built.links.community}
    statement = state(topic, built.policy, plan=turn.identity.plan, duty=duty, today=built.now().date(), links=links)
    source = f"*Support Policy, section {statement.section}: {statement.section_title}*"
    # Who asks how a case moves up may well have one; no question is put, so that an "ok" means no more than that.
    offered = topic == "escalation" and not turn.in_form
    return Reply(
        text=f"{statement.text}\n\n{source}",
        decision="policy",
        buttons=(PERSON,) if offered else (),
        evidence={"policy_version": built.policy.version, "policy_topic": topic, "policy_section": statement.section},
        memory={"pending_offer": None, "last_topic": f"{PREFIX}{topic}"},
    )
