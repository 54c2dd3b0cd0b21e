from __future__ import annotations

from typing import Any

from index.freshness import freshness
from index.knowledge_base import KnowledgeBase
from index.versions import Versions
from tests.index.conftest import PAGES, Workshop

INVOICES, IMPORT = PAGES


def cited(knowledge: KnowledgeBase, slug: str, section: str) -> dict[str, Any]:
    """A citation as an answer stores it."""
    article = knowledge.article(slug)
    assert article is not None
    return {"slug": slug, "title": article.title, "url": "/help", "section": section, "revision": article.revision, "score": 1.0}


def test_an_answer_knows_whether_its_articles_changed_since(workshop: Workshop) -> None:
    """Same, edited, edited so that the cited section is gone, and removed are told apart, in the order of the citations."""
    workshop.write("other.md", "# Other\n\ntext")
    workshop.build()
    knowledge = KnowledgeBase.open(workshop.index, workshop.encoder)
    answer = [
        cited(knowledge, "find-invoices", "Download one invoice"),
        cited(knowledge, "find-invoices", "Change who receives invoices"),
        cited(knowledge, "undo-an-import", ""),
        cited(knowledge, "other", ""),
    ]
    assert [each.state for each in freshness(answer, knowledge)] == ["same"] * 4
    workshop.write(INVOICES, PAGES[INVOICES].replace("Download one invoice", "Get one invoice"))
    (workshop.content / "other.md").unlink()
    Versions(workshop.index).publish(workshop.build().version, "ann", workshop.now())
    assert [each.state for each in freshness(answer, knowledge)] == ["same"] * 4, "not live here yet"
    knowledge.refresh()
    found = freshness(answer, knowledge)
    assert [each.state for each in found] == ["section_gone", "changed", "same", "removed"]
    assert [each.changed for each in found] == [True, True, False, True]
    assert found[0].answered != found[0].live and found[2].answered == found[2].live and found[3].live is None


def test_a_citation_without_a_revision_says_nothing(workshop: Workshop) -> None:
    """What cannot be compared is left out instead of called changed."""
    workshop.build()
    knowledge = KnowledgeBase.open(workshop.index, workshop.encoder)
    assert freshness([{"slug": "find-invoices"}, {"revision": "x"}, {}], knowledge) == ()
