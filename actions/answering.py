"""Answers from the knowledge base: the best passage with its source, or an honest "I don't know"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.composition import Services
from actions.following_up import fitting, name_of, question_before
from actions.reply import Button, Reply, variant
from actions.ticket_details import stated_impact
from actions.turn import ASKED_BACK, Turn
from index.knowledge_base import Hit, SearchResult
from index.lexical import words

PERSON = Button("Talk to a person", "I would like to talk to a person")
SOURCE = "Source: "  # before the link to the page of a passage
REMEMBERED_HITS = 5
_QUOTED = re.compile(r"(?<!\w)(?:\"[^\"]{1,40}\"|'[^']{1,40}'(?!\w)|“[^”]{1,40}”|‘[^’]{1,40}’(?!\w))")
_LISTED = re.compile(  # "a pick list with slate, tile, metal and thatch"
    r"(?:\s*[:,]|\s+(?:with|such as|like|for|from|namely|i\.?e\.?|e\.?g\.?))\s+(?:the (?:options|values|choices|entries) )?"
    r"(?:[\w'-]+(?: [\w'-]+)?(?:,\s*(?:and |or )?|\s+(?:and|or)\s+)){2,20}[\w'-]+(?: [\w'-]+)?(?=\s*(?:$|[.;!?]))",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(  # "an extra box for allergies", behind what is customised; and an aside
    r"\s+(?:for|called|named|where (?:we|i) (?:note|write|keep|put)|to (?:note|record|store|hold|keep)) "
    r"(?:the |our |their |an? )?"
    r"[\w'-]+(?: [\w'-]+){0,3}(?=\s*(?:$|[.,;:!?(]))|\s*\([^()]{1,80}\)",
    re.IGNORECASE,
)
SURELY_OURS = 0.9  # of a support intent, from which a search need not be as sure that a page answers
NEARLY_COVERED = 0.15  # search confidence that is enough beside it; by itself `search` answers from its own bound on
BARE_ANSWER = 2  # up to which it is read together with what was asked back about
SHORT_ANSWER = 5  # content words up to which a message may only answer a question back


def search(turn: Turn, built: Services) -> SearchResult:
    """Search for the message; a follow-up is searched together with the question before it.

    A few words that answer a question back and find nothing by themselves are read with what was asked back about, and bare ones
    whatever they find ("it isn't working" - "email").
    """
    found = built.knowledge.search(turn.reading, top=10, context=question_before(turn))
    unnamed = turn.reading if covers(turn, found) else _without_own_names(turn)
    if unnamed != turn.reading:
        bare = built.knowledge.search(unnamed, top=10, context=question_before(turn))
        found = bare if covers(turn, bare) else found
    vague = turn.memory.get(ASKED_BACK)
    own = len(words(turn.reading))
    if not vague or own > SHORT_ANSWER or (found.answerable and own > BARE_ANSWER):
        return found
    joined = built.knowledge.search(f"{vague} {turn.reading}", top=10)
    return joined if joined.answerable else found


def covers(turn: Turn, result: SearchResult) -> bool:
    """Whether the first page may be given as the answer: the search is sure enough, or nearly, of what surely is ours.

    Nearly all that customers ask of the product stands on some page; what a search doubts is mostly their own words.
    """
    # Whether an integration exists is for the policy's list to say.
    ours = turn.area is not None and turn.intent.name != "ask_integration" and turn.intent.confidence >= SURELY_OURS
    return result.answerable or (ours and result.confidence >= NEARLY_COVERED)


def _without_own_names(turn: Turn) -> str:
    """The reading without what customers call their own things, which stands on no page ("a field for 'allergies'")."""
    text = turn.reading
    quoted = _QUOTED if _QUOTED.search(text) else _LISTED
    text = quoted.sub(" ", text)
    if turn.area == "customization" and turn.intent.confidence >= SURELY_OURS:
        text = _OWN_NAME.sub("", text)
    return text


def answer(turn: Turn, built: Services, result: SearchResult, area: str | None) -> Reply:
    """The best passage, or ``unknown`` with the offer of a person; see :func:`covers`."""
    hits = fitting(turn, result.hits, built.knowledge) if question_before(turn) else result.hits
    if hits and covers(turn, result):
        return passage(turn, built, hits, result, area)
    return unknown(turn, built, result, area)


def answered_last(turn: Turn) -> bool:
    """Whether the last word of the assistant was a passage of the knowledge base."""
    return bool(turn.said) and f"\n{SOURCE}" in turn.said[-1]


def passage(turn: Turn, built: Services, hits: Sequence[Hit], result: SearchResult, area: str | None = None) -> Reply:
    """The first hit's section word for word with its source, and one related page of another article after it."""
    best, before = hits[0], question_before(turn)
    area = area or turn.area or best.area
    related = next((hit for hit in hits[1:] if hit.slug != best.slug and hit.score >= 0.6 * best.score), None)
    lines = [f"**{heading(best)}**", "", best.passage.strip(), "", f"{SOURCE}[{best.title}]({_url(best, built)})"]
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
            "last_question": before or turn.text,
            "last_area": area,
            "last_refusal": None,
            "last_topic": None,
            "declined_offer": None,
            **told_impact(turn),
            "shown": [*(turn.memory.get("shown") or ()), name_of(best)] if before else [name_of(best)],
            "pending_offer": None,
        },
    )


UNKNOWN = (
    "I couldn't find a page in our help centre that answers this, so I'd rather not guess. "
    "Would you like a person from our team to look at it?",
    "I don't have a reliable answer to that. Shall I pass your question to a person on our team?",
    "Our help centre doesn't seem to cover this one. I can hand your question to our support team, if you like.",
)
# After an offer was turned down; the button under it stays for a change of mind.
UNKNOWN_AGAIN = (
    "I couldn't find that in our help centre either. Other users may know: {community}.",
    "That one isn't covered by our help centre, I'm afraid. It may help to name the page you are on, or to ask in {community}.",
    "I have no reliable answer to that. You could put it in other words, or try {community}.",
)


def unknown(turn: Turn, built: Services, result: SearchResult | None = None, area: str | None = None) -> Reply:
    """Nothing good enough was found: say so and offer a person, less pressingly where that was just declined."""
    declined = turn.memory.get("declined_offer") == "person"
    community = f"the [community forum]({built.links.community})"
    return Reply(
        text=variant(turn, [text.format(community=community) for text in UNKNOWN_AGAIN] if declined else UNKNOWN),
        decision="unknown",
        area=area or turn.area,
        buttons=(PERSON,),
        evidence=evidence(result) if result else {},
        memory={
            "last_question": question_before(turn) or turn.text,
            "last_area": area or turn.area,
            "last_refusal": None,
            "last_topic": None,
            "shown": (turn.memory.get("shown") or []) if question_before(turn) else [],
            "pending_offer": None if declined else "person",
            **told_impact(turn),
        },
    )


def told_impact(turn: Turn) -> dict[str, str]:
    """Whom the matter affects, where the message says so: a ticket on it will not ask for it again."""
    impact = stated_impact(turn.text)
    return {"ticket_impact": impact} if impact else {}


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
