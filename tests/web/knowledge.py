"""A small knowledge base for the help centre's tests: the index's own values, without an index."""

from __future__ import annotations

from typing import cast

from index.articles import Article, SectionRef
from index.knowledge_base import Hit, KnowledgeBase, SearchResult

BODY = """Open **Settings > Data > Import** and follow the steps.

## Map your columns

1. Choose the column.
2. Choose the field.

| column | field |
| --- | --- |
| E-mail | Email |

## Map your columns

A second section of the same name. See [Undo an import](/help/undo-import).

## What to do about "IMP-103"

<script>alert(1)</script> Save the file as UTF-8. [bad](javascript:alert(1))
"""


def article(slug: str, title: str, area: str, *, kind: str = "article", body: str = BODY, **more: object) -> Article:
    """An article as the index gives it."""
    facts: dict[str, object] = {
        "path": f"articles/{area}/{slug}.md",
        "slug": slug,
        "title": title,
        "kind": kind,
        "area": area,
        "summary": f"All about: {title}.",
        "updated": "2026-10-12",
        "owner": "content-team",
        "tags": ("import",),
        "questions": (),
        "plans": ("starter", "professional", "enterprise"),
        "versions": ("7",),
        "related": ("undo-import", "no-such-page"),
        "video": None,
        "revision": "0123456789ab",
        "markdown": body,
        "sections": (
            SectionRef("Map your columns", "map-your-columns", 2),
            SectionRef("Map your columns", "map-your-columns-1", 2),
            SectionRef('What to do about "IMP-103"', "what-to-do-about-imp-103", 2),
        ),
        **more,
    }
    return Article(**facts)  # type: ignore[arg-type]


ARTICLES = (
    article("import-contacts-csv", "Import contacts from a CSV file", "technical"),
    article("undo-import", "Undo an import", "technical"),
    article("rename-pipeline-stages", "Rename <b>pipeline</b> stages", "customization"),
    article("guides/first-steps", "First steps", "feature"),
    article("change-plan", "Change your plan", "billing", kind="tutorial"),
    article("a-second-step", "A second step", "feature", kind="tutorial", follows="change-plan"),
    article("old-news", "Old news", "gossip"),
    article(
        "tour-of-deals",
        "A tour of deals",
        "feature",
        kind="video",
        video={"url": "https://videos.piperocks.com/tour-of-deals", "length": "4:35"},
    ),
)


class SmallKnowledgeBase:
    """Finds a page when one of its title's words is in the query; with the word "doubtful" it is not sure."""

    version = "index-1"

    def article(self, slug: str) -> Article | None:
        """The page of that slug."""
        return next((each for each in ARTICLES if each.slug == slug), None)

    def articles(self) -> tuple[Article, ...]:
        """All pages."""
        return ARTICLES

    def refresh(self) -> bool:
        """Nothing ever moves."""
        return False

    def search(self, query: str, top: int = 10, *, context: str | None = None) -> SearchResult:
        """Two hits in each page that matches."""
        words = set(query.lower().split())
        found = [each for each in ARTICLES if words & set(each.title.lower().split())]
        hits = tuple(_hit(each, section) for each in found for section in each.sections[:2])[:top]
        return SearchResult(
            query=query,
            took_ms=0.1,
            answerable=bool(hits) and "doubtful" not in words,
            confidence=0.9,
            hits=hits,
            index_version="index-1",
        )


def _hit(found: Article, section: SectionRef) -> Hit:
    return Hit(
        path=found.path,
        slug=found.slug,
        title=found.title,
        section=section.title,
        anchor=section.anchor,
        area=found.area,
        kind=found.kind,
        score=0.9,
        snippet="Choose the column & <i>the field</i>.",
        passage="1. Choose the column.",
        revision=found.revision,
        updated=found.updated,
        video=None,
    )


def small_knowledge_base() -> KnowledgeBase:
    """The small one in the place of a real one."""
    return cast(KnowledgeBase, SmallKnowledgeBase())
