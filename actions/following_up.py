"""Follow-ups: questions that lean on the one before them, and which passage is an answer to such a one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.turn import FALLBACK, Turn
from index.build import passages_of
from index.knowledge_base import Hit, KnowledgeBase
from index.lexical import words
from index.query_text import leans, points_back

FOLLOW_UP = "follow_up"
NEAR = 0.8  # of the best hit's score, from which another page may answer a follow-up better


def question_before(turn: Turn) -> str | None:
    """The question that this one leans on; None where it stands by itself or there was none."""
    before = turn.memory.get("last_question")
    if not before or turn.memory.get("last_refusal") == "off_topic":
        return None  # what had nothing to do with the product says nothing of the question behind it
    # A word of its own, such as "webhooks", may well be a new subject; a follow-up by its intent is none.
    unsure = turn.intent.name == FALLBACK or points_back(turn.reading)
    if turn.intent.name == FOLLOW_UP or (leans(turn.reading, words(turn.reading)) and unsure):
        return str(before)
    return None


def name_of(hit: Hit) -> str:
    """A section's name in the memory of what was shown."""
    return f"{hit.slug}#{hit.anchor}"


def fitting(turn: Turn, hits: Sequence[Hit], knowledge: KnowledgeBase) -> Sequence[Hit]:
    """The hits that answer a follow-up, best first; none where all that was found was said already.

    What the follow-up adds ("on mobile?", "and who receives them?") must stand in a passage for it to go before the best one;
    the other sections of the page that is talked about come first.
    """
    shown = set(turn.memory.get("shown") or ())
    near = [hit for hit in hits if hit.score >= NEAR * hits[0].score]
    added = set(words(turn.reading))
    every = (*_beside(turn, near, knowledge), *near)
    covered = [hit for hit in every if added and 2 * said_in(hit, added) >= len(added)]
    pages = {name.split("#")[0] for name in shown}
    # What was shown already may hold the answer as well, but anything new goes before it: first the page that is talked about,
    # then a section of that name.
    covered.sort(
        key=lambda hit: (
            name_of(hit) in shown,
            hit.slug not in pages,
            not added & set(words(hit.section)),
            -said_in(hit, added),
        )
    )
    if covered:
        return [covered[0], *(hit for hit in hits if hit.slug != covered[0].slug)]
    if not hits or name_of(hits[0]) in shown:
        return []
    # Of a page that was not talked about, more than a likeness is asked.
    return hits if not shown or not added or hits[0].slug in pages else []


def said_in(hit: Hit, added: set[str]) -> int:
    """How many of the words ``added`` stand in a hit's title, heading or passage."""
    return len(added & set(words(f"{hit.title} {hit.section} {hit.passage}")))


def _beside(turn: Turn, hits: Sequence[Hit], knowledge: KnowledgeBase) -> list[Hit]:
    """The sections of the page that was shown last, as hits, where that page was found again."""
    shown = turn.memory.get("shown") or [""]
    slug = str(shown[-1]).split("#")[0]
    found, article = next((hit for hit in hits if hit.slug == slug), None), knowledge.article(slug)
    if found is None or article is None:
        return []
    return [
        replace(found, section=part.title, anchor=part.anchor, passage=part.markdown, snippet=part.snippet)
        for part in passages_of(article)
    ]
