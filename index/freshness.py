"""Whether an answer that was given still stands as its article stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from index.knowledge_base import KnowledgeBase

STATES = ("same", "changed", "section_gone", "removed")


@dataclass(frozen=True, slots=True)
class Freshness:
    """One cited article: its revision in the answer and in the live version (None where it was removed).

    ``state`` is ``same``, ``changed`` (the article was edited since), ``section_gone`` (edited, and the cited section is there no
    more) or ``removed``.
    """

    slug: str
    section: str
    answered: str
    live: str | None
    state: str

    @property
    def changed(self) -> bool:
        """Whether anything happened to the article since the answer."""
        return self.state != "same"


def freshness(citations: Iterable[Mapping[str, Any]], knowledge: KnowledgeBase) -> tuple[Freshness, ...]:
    """Compare the citations of a stored answer (the contract's shape) with the live version, in their order.

    A citation without slug or revision, as other programs may have stored it, is left out.
    """
    return tuple(_compared(each, knowledge) for each in citations if each.get("slug") and each.get("revision"))


def _compared(citation: Mapping[str, Any], knowledge: KnowledgeBase) -> Freshness:
    slug, section, revision = str(citation["slug"]), str(citation.get("section") or ""), str(citation["revision"])
    article = knowledge.article(slug)
    if article is None:
        return Freshness(slug, section, revision, None, "removed")
    if article.revision == revision:
        return Freshness(slug, section, revision, revision, "same")
    there = not section or section in {each.title for each in article.sections}
    return Freshness(slug, section, revision, article.revision, "changed" if there else "section_gone")
