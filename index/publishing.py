"""Publishing as editors do it, from the command line or the console: look at a version, publish it past the gate, roll back.

Nothing here holds a lock while golden questions are asked. The live version is read before, and the pointer moves only if it is
still live then: of two editors who publish at once, one wins and the other gets
:class:`~index.errors.PublishConflict` with the winner's name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from index.changes import changes, revisions
from index.encoder import Encoder
from index.errors import IndexProblem, VersionError
from index.gate import Decision, decide, open_version
from index.golden import GoldenSet, read_golden
from index.history import Event, Observer, stamp
from index.scorecard import Scorecard, score
from index.scorecards import Scorecards
from index.snapshot import read_manifest
from index.versions import WHATEVER, Versions

OpenEncoder = Callable[[str], Encoder]
"""Opens an encoder by its name; :class:`~index.errors.EncoderError` where there is none."""


class PublishRefused(VersionError):
    """The gate refused; ``decision`` says why. Nothing was changed, and the live version is served as before."""

    def __init__(self, decision: Decision) -> None:
        kept = f"{decision.live} is served as before" if decision.live else "nothing is live"
        reasons = "; ".join((decision.unusable,) if decision.unusable else decision.reasons)
        super().__init__(f"{decision.version} was not published ({kept}): {reasons}")
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Published:
    """``version`` is live, ``previous`` was. ``decision`` is None where nothing had to be decided."""

    version: str
    previous: str | None
    decision: Decision | None


class Publisher:
    """Looks at, publishes and rolls back the versions of one index folder.

    ``encoders`` opens the encoder that a version was built with; ``served`` is the fingerprint of the encoder with which
    processes started now would serve (None: not known); ``observer`` is told of every event. Threads may share it.
    """

    def __init__(
        self, index_dir: Path, encoders: OpenEncoder, *, served: str | None = None, observer: Observer | None = None
    ) -> None:
        self._versions = Versions(index_dir, observer)
        self._encoders = encoders
        self._served = served
        self._cards = Scorecards(index_dir)

    def golden(self, version: str, content: Path | None = None) -> Scorecard | None:
        """Ask a version the golden questions as they stand now in the content folder it was built of (or ``content``).

        None where the folder has none. :class:`~index.errors.GoldenError` where they cannot be read, :class:`VersionError` where
        the version cannot be opened.
        """
        questions = self._questions(version, content)
        if questions is None:
            return None
        with self._versions.reading(version) as folder:
            encoder = self._encoder(folder)
            card = score(questions, open_version(folder, version, encoder), encoder)
        self._keep(card, content)
        return card

    def examine(self, version: str | None = None, content: Path | None = None) -> Decision:
        """Whether ``version`` (default: the newest build) may go live, and how it differs from the live one.

        The golden questions are those of the folder it was built of, or of ``content``.

        Raises :class:`VersionError` where there is no such version, :class:`~index.errors.GoldenError` for unreadable questions.
        """
        version = version or self._versions.require(candidate=True)
        live, questions = self._versions.live(), self._questions(version, content)
        baseline, notes = self._baseline(live, questions)
        try:
            with self._versions.reading(version) as folder:
                encoder = self._encoder(folder)
                snapshot = open_version(folder, version, encoder)
        except IndexProblem as error:
            return Decision(version, live, unusable=str(error))
        decision = decide(snapshot, encoder, questions, baseline, self._fingerprints(live))
        if decision.candidate:
            self._keep(decision.candidate, content)
        return replace(decision, live=live, notes=notes)

    def publish(
        self,
        version: str | None = None,
        *,
        by: str,
        at: datetime,
        why: str = "",
        force: str = "",
        expected: str | None = WHATEVER,
    ) -> Published:
        """Make ``version`` (default: the newest build) live if the gate lets it pass, or if ``force`` gives a reason.

        ``expected`` is the live version that the person looked at when deciding (default: the one that is live now).
        :class:`PublishRefused` with the gate's decision, :class:`~index.errors.PublishConflict` where somebody was quicker. No
        reason makes a version live that cannot be opened.
        """
        version = version or self._versions.require(candidate=True)
        live = self._versions.live()
        basis = live if expected == WHATEVER else expected
        if version == live == basis:
            return Published(version, live, None)
        decision = self.examine(version)
        if decision.unusable or (decision.reasons and not force.strip()):
            detail = {"reasons": [decision.unusable] if decision.unusable else list(decision.reasons)}
            self._versions.record(Event(stamp(at), by, "refused", version, live, detail, why))
            raise PublishRefused(decision)
        detail = self._detail(version, live, decision, force.strip())
        previous = self._versions.publish(version, by, at, expected=basis, why=why, detail=detail)
        return Published(version, previous, decision)

    def rollback(self, *, by: str, at: datetime, why: str = "", expected: str | None = WHATEVER) -> Published:
        """Make the version live that was live before the present one. It was live once, so no golden question is asked; but it
        must open. ``expected`` as in :meth:`publish`.
        """
        live = self._versions.require()
        earlier = self._versions.earlier()
        if earlier is not None:
            with self._versions.reading(earlier) as folder:
                open_version(folder, earlier, self._encoder(folder))
        version = self._versions.rollback(by, at, expected=live if expected == WHATEVER else expected, why=why)
        return Published(version, live, None)

    def _detail(self, version: str, live: str | None, decision: Decision, force: str) -> dict[str, Any]:
        differing = changes(revisions(self._versions, version), revisions(self._versions, live))
        detail: dict[str, Any] = {"changes": differing.counts()}
        if decision.candidate:
            detail["golden"] = decision.candidate.summary()
        if decision.reasons:
            detail |= {"forced": force, "reasons": list(decision.reasons)}
        return detail

    def _questions(self, version: str, content: Path | None = None) -> GoldenSet | None:
        """The golden questions as they stand now. A file that was there when the version was built must not just vanish."""
        manifest = self._manifest(version)
        found = read_golden(content or Path(str(manifest.get("content", ""))))
        if found is None and content is None and manifest.get("golden"):
            raise VersionError(
                f"version {version} was built of {manifest['content']}, which had golden questions and now has none; bring back "
                "its golden.yml, or build again to publish without"
            )
        return found

    def _manifest(self, version: str) -> dict[str, Any]:
        folder = self._versions.path(version)
        with contextlib.suppress(VersionError):
            return read_manifest(folder)
        return {}

    def _baseline(self, live: str | None, questions: GoldenSet | None) -> tuple[Scorecard | None, tuple[str, ...]]:
        """The live version's card: asked now, or, where it cannot be opened any more, as it was kept."""
        if live is None or questions is None:
            return None, ()
        try:
            with self._versions.reading(live) as folder:
                encoder = self._encoder(folder)
                return score(questions, open_version(folder, live, encoder), encoder), ()
        except IndexProblem as error:
            kept = self._cards.read(live)
            if kept and kept.golden == questions.digest:
                return kept, (f"the live version cannot be asked now ({error}); compared with what it answered earlier",)
            return None, (f"the live version cannot be asked ({error}); nothing to compare with",)

    def _keep(self, card: Scorecard, content: Path | None) -> None:
        """Keep a card for the status, unless other questions than the version's own were asked."""
        if content is None:
            self._cards.keep(card, self._versions.ids())

    def _encoder(self, folder: Path) -> Encoder:
        return self._encoders(str(read_manifest(folder)["encoder"]["name"]))

    def _fingerprints(self, live: str | None) -> Collection[str]:
        """Of the encoder that processes load when they start, and of the one that running ones have loaded."""
        of_live = self._manifest(live).get("encoder", {}).get("fingerprint") if live else None
        return {str(each) for each in (self._served, of_live) if each}
