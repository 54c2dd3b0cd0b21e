"""Answers from the knowledge base: the best passage with its source, or an honest "I don't know"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.composition import Services
from actions.reply import Button, Reply, variant
from actions.turn import AREAS, Turn
from index.knowledge_base import Hit, SearchResult

PERSON = Button("Talk to a person", "I would like to talk to a person")
REMEMBERED_HITS = 5
FOLLOW_UP = "follow_up"
SURE_INTENT = 0.6
ENOUGH_IF_SURE = 0.3


def search(turn: Turn, built: Services) -> SearchResult:
    """Search for the message; a follow-up is searched together with the question before it."""
    context = turn.memory.get("last_question") if turn.intent.name in (FOLLOW_UP, "nlu_fallback") else None
    return built.knowledge.search(turn.reading, top=10, context=context)


def answer(turn: Turn, built: Services, result: SearchResult, area: str | None) -> Reply:
    """The best passage, or ``unknown`` with the offer of a person.

    A message that the classifier surely reads as a support question needs less of the search to count as answerable: the
    search's own bound is made for messages of which nothing is known.
    """
    sure = turn.intent.name in AREAS and turn.intent.confidence >= SURE_INTENT
    if result.hits and (result.answerable or (sure and result.confidence >= ENOUGH_IF_SURE)):
        return passage(turn, built, result.hits, result, area)
    return unknown(turn, result, area)


def passage(turn: Turn, built: Services, hits: Sequence[Hit], result: SearchResult, area: str | None = None) -> Reply:
    """The first hit's section word for word with its source, and one related page of another article after it."""
    best = hits[0]
    area = area or turn.area or best.area
    related = next((hit for hit in hits[1:] if hit.slug != best.slug and hit.score >= 0.6 * best.score), None)
    lines = [f"**{heading(best)}**", "", best.passage.strip(), "", f"Source: [{best.title}]({_url(best, built)})"]
    if related:
        kind = "Video" if related.kind == "video" else "See also"
        lines.append(f"{kind}: [{related.title}]({_url(related, built)})")
    # Two spaces before the line break keep source and related page on lines of their own in Markdown.
    text = "\n".join(lines[:-1]) + ("  \n" if related else "\n") + lines[-1]
    return Reply(
        text=text,
        decision="answer",
        area=area,
        citations=tuple(citation(hit, built) for hit in (best, related) if hit),
        evidence=evidence(result),
        memory={
            "last_question": turn.text if turn.intent.name != FOLLOW_UP else turn.memory.get("last_question"),
            "last_area": area,
            "last_refusal": None,
            "shown": [hit.slug + "#" + hit.anchor for hit in hits[:1]],
            "pending_offer": None,
        },
    )


def unknown(turn: Turn, result: SearchResult | None = None, area: str | None = None) -> Reply:
    """Nothing good enough was found: say so and offer a person."""
    text = variant(
        turn,
        (
            "I couldn't find a page in our help centre that answers this, so I'd rather not guess. "
            "Would you like a person from our team to look at it?",
            "I don't have a reliable answer to that. Shall I pass your question to a person on our team?",
            "Our help centre doesn't seem to cover this one. I can hand your question to our support team, if you like.",
        ),
    )
    return Reply(
        text=text,
        decision="unknown",
        area=area or turn.area,
        buttons=(PERSON,),
        evidence=evidence(result) if result else {},
        memory={
            "last_question": turn.text,
            "last_area": area or turn.area,
            "last_refusal": None,
            "pending_offer": "person",
        },
    )


def citation(hit: Hit, built: Services) -> Mapping[str, Any]:
    """A citation in the shape of the contract."""
    return {
        "slug": hit.slug,
        "title": hit.title,
        "url": _url(hit, built),
        "section": hit.section,
        "revision": hit.revision,
        "score": round(hit.score, 4),
    }


def page(slug: str, built: Services) -> Mapping[str, Any] | None:
    """A citation of a whole article by its slug, or None where the knowledge base has none of that name."""
    article = built.knowledge.article(slug)
    if article is None:
        return None
    url = built.links.article(slug)
    return {"slug": slug, "title": article.title, "url": url, "section": "", "revision": article.revision, "score": 1.0}


def heading(hit: Hit) -> str:
    """Title and section of a hit on one line."""
    return hit.title if not hit.section or hit.section == hit.title else f"{hit.title}: {hit.section}"


def evidence(result: SearchResult) -> dict[str, Any]:
    """What the decision stands on, for the transcript that staff read."""
    return {
        "index_version": result.index_version,
        "answerable": result.answerable,
        "search_confidence": round(result.confidence, 4),
        "hits": [
            {"slug": hit.slug, "section": hit.section, "score": round(hit.score, 4), "revision": hit.revision}
            for hit in result.hits[:REMEMBERED_HITS]
        ],
    }


def _url(hit: Hit, built: Services) -> str:
    return built.links.article(hit.slug, hit.anchor)
