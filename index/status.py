"""What an index folder holds and what was done to it: versions, who, when, why, what changed, and the golden scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import VersionError
from index.history import MOVES, Event
from index.scorecards import Scorecards
from index.snapshot import read_manifest
from index.versions import Versions

SHOWN = 10  # newest events
_NAMED = 5  # changed pages that are named on the terminal, of each kind


@dataclass(frozen=True, slots=True)
class VersionState:
    """One version: who built it, when, why, of what; ``problem`` where it cannot be opened.

    ``changes`` are paths added, changed and removed against the version that was live when it was built; ``golden`` the counts
    of its scorecard, where it was asked; ``moves`` the events that made it live.
    """

    version: str
    built_at: str = ""
    built_by: str = ""
    why: str = ""
    encoder: str = ""
    articles: int = 0
    chunks: int = 0
    changes: dict[str, list[str]] = field(default_factory=dict)
    golden: dict[str, int] | None = None
    moves: tuple[Event, ...] = ()
    problem: str = ""

    def lines(self, mark: str) -> Iterator[str]:
        """For people; ``mark`` says that it is live or newest."""
        built = f"built {self.built_at} by {self.built_by}{_why(self.why)}"
        yield f"  {self.version}{mark}  {self.problem or f'{self.articles} pages, {self.chunks} chunks, {self.encoder}, {built}'}"
        if self.golden:
            yield (
                f"      golden: {self.golden['first']} of {self.golden['asked']} in first place, {self.golden['first_three']} in "
                f"the first three, {self.golden['verdict']} of {self.golden['questions']} rightly told answerable or not"
            )
        for name, paths in self.changes.items():
            if paths:
                more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
                yield f"      {name}: {', '.join(paths[:_NAMED])}{more}"


@dataclass(frozen=True, slots=True)
class Status:
    """The whole folder: live version, newest build, all versions newest first, newest events last."""

    folder: str
    live: str | None
    candidate: str | None
    versions: tuple[VersionState, ...]
    events: tuple[Event, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        versions = [asdict(each) for each in self.versions]
        events = [event.as_dict() for event in self.events]
        return {"index": self.folder, "live": self.live, "candidate": self.candidate, "versions": versions, "history": events}

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"index      {self.folder}"
        yield f"live       {self.live or 'none; run `support kb build`'}"
        yield f"candidate  {self.candidate or 'none'}"
        for each in self.versions:
            yield from each.lines(" (live)" if each.version == self.live else "")
        for event in self.events:
            forced = f"; forced past the gate: {event.detail['forced']}" if event.detail.get("forced") else ""
            reasons = f": {'; '.join(event.detail.get('reasons', ()))}" if event.action == "refused" else ""
            yield f"  {event.at}  {event.action} {event.version} by {event.by}{_why(event.why)}{forced}{reasons}"


def status(index_dir: Path) -> Status:
    """Look at ``index_dir``; a folder that does not exist is an empty index."""
    versions = Versions(index_dir)
    events = versions.history()
    states = tuple(_state(versions, version, events) for version in reversed(versions.ids()))
    return Status(str(index_dir), versions.live(), versions.candidate(), states, tuple(events[-SHOWN:]))


def _state(versions: Versions, version: str, events: list[Event]) -> VersionState:
    moves = tuple(event for event in events if event.version == version and event.action in MOVES)
    card = Scorecards(versions.folder).read(version)
    try:
        about = read_manifest(versions.path(version))
        return VersionState(
            version,
            built_at=about["built_at"],
            built_by=about["built_by"],
            why=about.get("why", ""),
            encoder=str(about["encoder"]["name"]),
            articles=about["articles"],
            chunks=about["chunks"],
            changes=about["changes"],
            golden=card.summary() if card else None,
            moves=moves,
        )
    except (VersionError, KeyError, TypeError) as error:
        return VersionState(version, problem=f"cannot be opened: {error}", moves=moves)


def _why(reason: str) -> str:
    return f" ({reason})" if reason else ""
