"""Which citations of a conversation's answers have changed since they were given."""

from __future__ import annotations

from collections.abc import Iterable

from desk.conversations import Message
from index.freshness import Freshness, freshness
from index.knowledge_base import KnowledgeBase

Changed = dict[tuple[str, str, str], Freshness]


def changed_citations(messages: Iterable[Message], knowledge: KnowledgeBase | None) -> Changed:
    """What has changed, by message id, slug and section; nothing while there is no knowledge base to compare with."""
    if knowledge is None:
        return {}
    return {
        (message.id, each.slug, each.section): each
        for message in messages
        for each in freshness(message.citations, knowledge)
        if each.changed
    }
