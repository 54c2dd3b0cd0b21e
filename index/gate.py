"""Whether a version may go live: nothing about it is broken, and it answers the golden questions as well as the live one.

A version whose files cannot be used never goes live. Everything else that speaks against it can be passed over by a person who
gives a reason, which then stands in the history.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder
from index.errors import VersionError
from index.golden import GoldenSet, Tolerance
from index.scorecard import Change, Scorecard, compare, score
from index.snapshot import Snapshot, read_snapshot

_SHOWN = 10  # mistakes in the content that are listed by name


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate found about ``version`` against ``live``, the version that was live when it looked.

    ``unusable`` says why the version can never go live (empty where it can); ``reasons`` are what else speaks against it.
    ``candidate`` and ``baseline`` are the scorecards of the two, where there are golden questions; ``notes`` say what could not
    be compared.
    """

    version: str
    live: str | None
    unusable: str = ""
    reasons: tuple[str, ...] = ()
    candidate: Scorecard | None = None
    baseline: Scorecard | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether the version may go live without force."""
        return not self.unusable and not self.reasons

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "version": self.version,
            "live": self.live,
            "passed": self.passed,
            "unusable": self.unusable,
            "reasons": list(self.reasons),
            "notes": list(self.notes),
            "golden": self.candidate.summary() if self.candidate else None,
            "golden_live": self.baseline.summary() if self.baseline else None,
            "changes": [change.as_dict() for change in self.changes],
        }

    def lines(self) -> list[str]:
        """The same for people: the reasons, then the questions that changed, then the notes."""
        told = [f"refused: {reason}" for reason in ((self.unusable,) if self.unusable else self.reasons)]
        told += [f"golden questions, {card.version}: {card.line()}" for card in (self.baseline, self.candidate) if card]
        return [*told, *(f"  {change}" for change in self.changes), *(f"note: {note}" for note in self.notes)]


def broken(snapshot: Snapshot, encoder: Encoder) -> list[str]:
    """What is wrong with the numbers of a version that could be opened: counts that disagree, vectors that are none."""
    vectors, pages = snapshot.chunks.all(), snapshot.pages.all()
    found = []
    counts = {
        "chunks": len(snapshot.places),
        "vectors": len(vectors),
        "texts with words": len(snapshot.lexical.scores([])),
        "the manifest's chunks": int(snapshot.manifest.get("chunks", -1)),
    }
    if len(set(counts.values())) > 1:
        found.append("its files disagree: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    if int(snapshot.manifest.get("articles", -1)) != len(snapshot.articles) or len(pages) != len(snapshot.articles):
        found.append("the numbers of articles in its files disagree")
    if {place.page for place in snapshot.places} != set(range(len(snapshot.articles))):
        found.append("not every article has a chunk")
    elif any(not 0 <= place.section < len(snapshot.passages[place.page]) for place in snapshot.places):
        found.append("a chunk leads to a section that does not exist")
    for name, rows in (("chunk", vectors), ("page", pages)):
        if rows.shape[1] != encoder.dimension or not np.isfinite(rows).all():
            found.append(f"its {name} vectors are not those of {encoder.name}")
    return found


def open_version(folder: Path, version: str, encoder: Encoder) -> Snapshot:
    """A version to be looked at; :class:`VersionError` where its files cannot be used with ``encoder``."""
    snapshot = read_snapshot(folder, version)
    built_with = snapshot.manifest["encoder"]
    if built_with["fingerprint"] != encoder.fingerprint:
        raise VersionError(
            f"version {version} was built with another {built_with['name']} than the one that is there now "
            f"({built_with['fingerprint']}, not {encoder.fingerprint}); run `support kb build`"
        )
    wrong = broken(snapshot, encoder)
    if wrong:
        raise VersionError(f"version {version} is not whole: {'; '.join(wrong)}; run `support kb build`")
    return snapshot


def decide(
    snapshot: Snapshot, encoder: Encoder, golden: GoldenSet | None, baseline: Scorecard | None, served: Collection[str]
) -> Decision:
    """Look at an opened version. ``baseline`` is the live version's card; ``served`` are the fingerprints of encoders with which
    a process may serve it (empty: any).
    """
    reasons = _technical(snapshot, served)
    card = None
    if golden is not None:
        articles = {article.slug: article for article in snapshot.articles}
        reasons += golden.faults(articles)
        reasons += _mistakes(snapshot)
        card = score(golden, snapshot, encoder)
        reasons += lost(baseline, card, golden.tolerance) if baseline else []
    live = baseline.version if baseline else None
    changes = compare(baseline, card) if baseline and card else ()
    return Decision(snapshot.version, live, "", tuple(reasons), card, baseline, changes)


def lost(before: Scorecard, after: Scorecard, tolerance: Tolerance) -> list[str]:
    """Where ``after`` is worse than ``before`` beyond what editors tolerate."""
    reasons = []
    for name, told in (
        ("first", "in first place"),
        ("first_three", "in the first three"),
        ("verdict", "rightly told answerable or not"),
    ):
        was, now, allowed = getattr(before, name), getattr(after, name), getattr(tolerance, name)
        if was - now > allowed:
            reasons.append(f"golden questions {told}: {was} before, {now} now; at most {allowed} may be lost")
    kept = {each.question for each in before.outcomes if each.kept}
    for each in after.outcomes:
        if not each.kept and each.question in kept:
            reasons.append(f"golden.yml:{each.line}: {each.question!r} must stand within {each.within}: {each.told()}")
    return reasons


def _technical(snapshot: Snapshot, served: Collection[str]) -> list[str]:
    built_with = snapshot.manifest["encoder"]
    if served and built_with["fingerprint"] not in served:
        return [
            f"it was built with the encoder {built_with['name']} ({built_with['fingerprint']}), which no process serves; "
            "build it without --encoder, or set KB_ENCODER and start the processes again"
        ]
    return []


def _mistakes(snapshot: Snapshot) -> list[str]:
    """Errors of ``support kb check`` that the content had when the version was built."""
    errors = [str(each) for each in snapshot.manifest.get("errors", ())]
    more = [f"and {len(errors) - _SHOWN} more; see `support kb check`"] if len(errors) > _SHOWN else []
    return [*(f"the content has an error: {error}" for error in errors[:_SHOWN]), *more]
