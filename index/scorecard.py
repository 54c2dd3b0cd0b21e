"""Asks a version the golden questions, and compares what two versions made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from index.encoder import Encoder
from index.golden import GoldenQuestion, GoldenSet
from index.search import search
from index.snapshot import Snapshot

LOOKED_AT = 10  # places in which the page is looked for


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a version made of one question. ``rank`` is the place of the right page (and section), None beyond the tenth.

    ``page`` and ``section`` are those of the first hit, whether right or not.
    """

    question: str
    pages: tuple[str, ...]
    within: int | None
    line: int
    rank: int | None
    page: str | None
    section: str
    answerable: bool
    confidence: float

    @property
    def first(self) -> bool:
        """Whether the right page stands first."""
        return self.rank == 1

    @property
    def first_three(self) -> bool:
        """Whether the right page stands among the first three."""
        return self.rank is not None and self.rank <= 3

    @property
    def verdict(self) -> bool:
        """Whether the version rightly says that it can, or cannot, answer."""
        return self.answerable == bool(self.pages)

    @property
    def kept(self) -> bool:
        """Whether the question's own bound is kept, where it has one."""
        return self.within is None or (self.rank is not None and self.rank <= self.within)

    def told(self) -> str:
        """The outcome in words, such as ``place 2, first is find-invoices``."""
        verdict = "" if self.verdict else (", wrongly told answerable" if self.answerable else ", wrongly told not answerable")
        if not self.pages:
            return f"told {'answerable' if self.answerable else 'not answerable'} ({self.confidence:.2f})"
        if self.rank is None and self.page in self.pages:
            return f"the right page, but not the right section: {self.section or 'its beginning'}{verdict}"
        place = f"place {self.rank}" if self.rank else f"not among the first {LOOKED_AT}"
        shown = f", first is {self.page}{f' > {self.section}' if self.section else ''}" if self.rank != 1 and self.page else ""
        return f"{place}{shown}{verdict}"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All outcomes of a version. ``golden`` is the digest of the file of questions."""

    version: str
    golden: str
    outcomes: tuple[Outcome, ...]

    @property
    def asked(self) -> int:
        """Questions that a page answers."""
        return sum(bool(each.pages) for each in self.outcomes)

    @property
    def first(self) -> int:
        """Questions whose page stands first."""
        return sum(each.first for each in self.outcomes)

    @property
    def first_three(self) -> int:
        """Questions whose page stands among the first three."""
        return sum(each.first_three for each in self.outcomes)

    @property
    def verdict(self) -> int:
        """Questions rightly told answerable or not."""
        return sum(each.verdict for each in self.outcomes)

    def summary(self) -> dict[str, int]:
        """The counts: ``questions``, those ``asked`` of a page, ``first``, ``first_three``, ``verdict``."""
        counts = {name: getattr(self, name) for name in ("asked", "first", "first_three", "verdict")}
        return {"questions": len(self.outcomes), **counts}

    def line(self) -> str:
        """The counts in words."""
        return (
            f"{self.first} of {self.asked} in first place, {self.first_three} in the first three, "
            f"{self.verdict} of {len(self.outcomes)} rightly told answerable or not"
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"version": self.version, "golden": self.golden, **self.summary(), "outcomes": [asdict(e) for e in self.outcomes]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Scorecard:
        """The scorecard that :meth:`as_dict` was made of."""
        outcomes = tuple(Outcome(**{**each, "pages": tuple(each["pages"])}) for each in values["outcomes"])
        return cls(values["version"], values["golden"], outcomes)


@dataclass(frozen=True, slots=True)
class Change:
    """A question that two versions treat differently: ``effect`` is worse, better or other (as bad, another page)."""

    question: str
    effect: str
    before: Outcome
    after: Outcome

    def __str__(self) -> str:
        return f"{self.effect}: {self.question!r}: {self.before.told()} -> {self.after.told()}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with both outcomes in words as ``was`` and ``now``."""
        return {**asdict(self), "was": self.before.told(), "now": self.after.told()}


def score(golden: GoldenSet, snapshot: Snapshot, encoder: Encoder) -> Scorecard:
    """Ask all golden questions of a version that was built with ``encoder``."""
    outcomes = tuple(_outcome(question, snapshot, encoder) for question in golden.questions)
    return Scorecard(snapshot.version, golden.digest, outcomes)


def _outcome(question: GoldenQuestion, snapshot: Snapshot, encoder: Encoder) -> Outcome:
    found = search(snapshot, encoder, question.text, LOOKED_AT)
    wanted = question.section.casefold() if question.section else None
    ranks = (
        place
        for place, hit in enumerate(found.hits, 1)
        if hit.slug in question.pages and wanted in (None, hit.section.casefold())
    )
    best = found.hits[0] if found.hits else None
    return Outcome(
        question=question.text,
        pages=question.pages,
        within=question.within,
        line=question.line,
        rank=next(ranks, None),
        page=best.slug if best else None,
        section=best.section if best else "",
        answerable=found.answerable,
        confidence=round(found.confidence, 4),
    )


def compare(before: Scorecard, after: Scorecard) -> tuple[Change, ...]:
    """The questions of both cards that changed, the worse ones first, each group in the order of the file."""
    known = {each.question: each for each in before.outcomes}
    changes = []
    for now in after.outcomes:
        was = known.get(now.question)
        if was is not None and _differ(was, now):
            changes.append(Change(now.question, _effect(was, now), was, now))
    order = ("worse", "better", "other")
    return tuple(sorted(changes, key=lambda each: order.index(each.effect)))


def _differ(was: Outcome, now: Outcome) -> bool:
    """Which page stands first matters only where one should."""
    return (was.rank, was.verdict) != (now.rank, now.verdict) or (bool(now.pages) and was.page != now.page)


def _effect(was: Outcome, now: Outcome) -> str:
    """A place further down is worse, and so is a verdict that became wrong; the place decides where they differ."""
    before, after = was.rank or LOOKED_AT + 1, now.rank or LOOKED_AT + 1
    if before != after:
        return "worse" if after > before else "better"
    if was.verdict != now.verdict:
        return "worse" if was.verdict else "better"
    return "other"
