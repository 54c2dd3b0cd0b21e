"""What the assistant says about the policy: one Markdown text a topic, made of the policy file alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from policy.document import TOPICS, PolicyDocument
from policy.facts import clock, fill, moment

if TYPE_CHECKING:  # the clock needs the holiday data, which the Rasa process does without
    from policy.clock import DutyState

__all__ = ["TOPICS", "Statement", "UnknownTopic", "state"]


class UnknownTopic(ValueError):
    """There is no statement on that topic; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said to a customer (Markdown), and the section of the policy that says it."""

    text: str
    section: int
    section_title: str


def state(
    topic: str,
    policy: PolicyDocument,
    *,
    plan: str | None = None,
    duty: DutyState | None = None,
    today: date | None = None,
    links: Mapping[str, str] | None = None,
) -> Statement:
    """The statement on one of :data:`TOPICS`.

    ``plan`` adds what holds for that plan; ``duty`` tells how things stand now, if that is certain; ``today``
    decides how the support of older versions is told; ``links`` gives addresses of the self-help resources
    under help, videos, community. Raises :class:`UnknownTopic`.
    """
    if topic not in policy.statements:
        raise UnknownTopic(f"{topic!r} is no topic of the policy; write one of {', '.join(TOPICS)}")
    template = policy.statements[topic]
    code = known.code if (known := policy.plan(plan)) else ""
    now, facts = _now(topic, policy, duty)
    paragraphs = (template.text, now, template.plans.get(code, template.otherwise))
    text = "\n\n".join(fill(part, policy, {**facts, **_links(policy, links)}, today) for part in paragraphs if part)
    return Statement(text, template.section, policy.section(template.section).title)


def _now(topic: str, policy: PolicyDocument, duty: DutyState | None) -> tuple[str, dict[str, str]]:
    """The template of how things stand now, and the facts it uses; empty where that is not certain."""
    template = policy.statements[topic]
    if duty is None or duty.certainty != "exact":
        return "", {}
    if duty.on_duty and duty.closes:
        return template.open, {"until": clock(duty.closes.time())}
    if duty.opens_next is None:
        return "", {}
    facts = {"opens_next": moment(duty.opens_next), "holiday": duty.holiday or ""}
    return (template.holiday if duty.holiday else template.closed), facts


def _links(policy: PolicyDocument, links: Mapping[str, str] | None) -> dict[str, str]:
    facts = {"help": "knowledge_base", "videos": "video_tutorials", "community": "community_forum"}
    return {
        facts[resource.code]: f"[{resource.name}]({links[resource.code]})"
        for resource in policy.self_help
        if links and resource.code in links
    }
