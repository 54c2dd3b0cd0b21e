"""Where the search for a question found nothing to answer with: one more look, by itself or with what was asked before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from actions.answering import PERSON, SURELY_OURS, evidence, passage, unknown
from actions.clarifying import NOTHING_OFFERED
from actions.composition import Services
from actions.following_up import FOLLOW_UP, fitting, name_of, question_before, said_in
from actions.questions import is_request
from actions.reply import Button, Reply, variant
from actions.turn import FALLBACK, Turn
from index.knowledge_base import Hit, SearchResult
from index.lexical import words

SURE = 0.8  # search confidence, from which a question that seemed to lean on the one before is answered by itself
OWN_WORDS = 2  # content words that such a question must have
WORTH_NAMING = 0.1  # search confidence from which the nearest pages are named; `search` answers from its own bound on
MOST_CHOICES = 2  # beside a person
WHICH = (
    "I'm not sure our help centre has that. Is it on one of these pages? If not, a person can look at it.",
    "I may not have the exact page. Does one of these come close?",
    "I have no sure answer to that; these are the nearest pages. Is it one of them?",
)
_QUESTION_AT_THE_END = re.compile(
    r"[,;:]\s+(?:(?:so|and|now|then|please)\s+)*(?=(?:how|where|what|which|when|why|can|could|do|does|is|are)\s)", re.IGNORECASE
)
NEAREST = ("The nearest pages are below.", "These pages come nearest.", "Perhaps one of these comes near.")


def second_look(turn: Turn, built: Services, found: SearchResult, area: str | None, least: float = WORTH_NAMING) -> Reply | None:
    """A section that does answer, or the nearest pages to choose from; None where nothing is near.

    ``found`` is what the first search brought, ``least`` the confidence from which its pages are named. Who goes on with a talk
    means the page that is talked about, or begins on something else: so the question is also looked for by itself, or
    together with the one before it.
    """
    again = _searched_again(turn, built)
    if again and again.answerable and (reply := _answered(turn, built, again, area)):
        return reply
    if by_its_end := _by_its_end(turn, built, area):
        return by_its_end
    shown = {str(name).split("#")[0] for name in turn.memory.get("shown") or ()}
    leaning = question_before(turn) is not None
    near = [(found.confidence, _meant(turn, found, least, alone=not leaning))]
    if again:
        near.append((again.confidence, _meant(turn, again, least, alone=leaning)))
    near.sort(key=lambda each: -each[0])
    choices = list(_nearest([hits for _, hits in near], shown))[:MOST_CHOICES]
    if not choices:
        return None
    buttons = (*(Button(hit.title, hit.title) for hit in choices), PERSON)
    if turn.intent.name != FALLBACK and not _in_talk(turn):
        # What stands by itself is clear enough: it is the page that is missing, or not found.
        missing = unknown(turn, built, found, area)
        return replace(missing, text=f"{missing.text} {variant(turn, NEAREST)}", buttons=buttons)
    return Reply(
        variant(turn, WHICH),
        "clarify",
        area or turn.area,
        buttons=buttons,
        evidence=evidence(found),
        memory={
            "last_question": turn.text,
            "last_area": area or turn.area,
            "last_refusal": None,
            "last_topic": None,
            **NOTHING_OFFERED,
        },
    )


def _in_talk(turn: Turn) -> bool:
    """Whether the message may lean on what was said before it."""
    return any(turn.memory.get(name) for name in ("last_question", "last_topic", "last_refusal"))


def _searched_again(turn: Turn, built: Services) -> SearchResult | None:
    """By itself, where it was searched with the question before it; with that one, where it was searched by itself."""
    before = turn.memory.get("last_question")
    if not before or turn.memory.get("last_refusal"):
        return None
    text = turn.reading if question_before(turn) else f"{before} {turn.reading}"
    return built.knowledge.search(text, top=10)


def _answered(turn: Turn, built: Services, again: SearchResult, area: str | None) -> Reply | None:
    """The answer that the second search brought, if it is one.

    By itself a question must be sure, say enough or surely be of support, and be no follow-up by its intent; together with the
    one before it, it is answered by the page that is talked about alone.
    """
    shown = {str(name) for name in turn.memory.get("shown") or ()}
    if question_before(turn):
        says_enough = len(words(turn.reading)) >= OWN_WORDS or turn.intent.confidence >= SURELY_OURS
        sure = turn.area is not None and again.confidence >= SURE and says_enough
        begins_anew = replace(turn, memory={**turn.memory, "last_question": None, "shown": None})
        return passage(begins_anew, built, again.hits, again, area) if sure and name_of(again.hits[0]) not in shown else None
    following = turn.read_as(FOLLOW_UP)
    hits = fitting(following, again.hits, built.knowledge)
    on_page = is_request(turn.text) and bool(hits) and hits[0].slug in {name.split("#")[0] for name in shown}
    return passage(following, built, hits, again, area) if on_page else None


def _by_its_end(turn: Turn, built: Services, area: str | None) -> Reply | None:
    """The answer to the question that a message ends with, where what leads up to it hid its answer ("my grandson set this up for
    my bakery, how do I put in a new customer").
    """
    ends = [match.end() for match in _QUESTION_AT_THE_END.finditer(turn.reading)]
    question = turn.reading[ends[-1] :] if ends else ""
    if len(words(question)) < OWN_WORDS:
        return None
    found = built.knowledge.search(question, top=10)
    return passage(replace(turn, reading=question), built, found.hits, found, area) if found.answerable else None


def _meant(turn: Turn, result: SearchResult, least: float, *, alone: bool) -> Sequence[Hit]:
    """The hits that may be meant: of a search with the question before it, those that say what this one adds."""
    if result.confidence < least:
        return ()
    added = set(words(turn.reading))
    return result.hits if alone else [hit for hit in result.hits if 2 * said_in(hit, added) >= len(added)]


def _nearest(ranked: Sequence[Sequence[Hit]], shown: set[str]) -> Iterator[Hit]:
    """The best page of each search, then the next ones, without those that were shown already."""
    left = [[hit for hit in hits if hit.slug not in shown] for hits in ranked]
    named: set[str] = set()
    for row in range(MOST_CHOICES):
        for hits in left:
            if row < len(hits) and hits[row].slug not in named:
                named.add(hits[row].slug)
                yield hits[row]
