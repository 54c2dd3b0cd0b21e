"""What an index folder holds and what was done to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import VersionError
from index.snapshot import read_manifest
from index.versions import Event, Versions

SHOWN = 10  # newest events


@dataclass(frozen=True, slots=True)
class VersionState:
    """One version: who built it, when, of what; ``problem`` where it cannot be opened."""

    version: str
    built_at: str
    built_by: str
    encoder: str
    articles: int
    chunks: int
    changes: dict[str, list[str]]
    problem: str


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
        versions = [{name: getattr(each, name) for name in each.__dataclass_fields__} for each in self.versions]
        events = [{name: getattr(each, name) for name in each.__dataclass_fields__} for each in self.events]
        return {"index": self.folder, "live": self.live, "candidate": self.candidate, "versions": versions, "history": events}

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"index      {self.folder}"
        yield f"live       {self.live or 'none; run `support kb build`'}"
        yield f"candidate  {self.candidate or 'none'}"
        for each in self.versions:
            told = (
                each.problem
                or f"{each.articles} pages, {each.chunks} chunks, {each.encoder}, built {each.built_at} by {each.built_by}"
            )
            changes = ", ".join(f"{len(paths)} {name}" for name, paths in each.changes.items() if paths)
            yield f"  {each.version}  {told}{f'; {changes}' if changes else ''}"
        for event in self.events:
            yield f"  {event.at}  {event.action} {event.version} by {event.by}"


def status(index_dir: Path) -> Status:
    """Look at ``index_dir``; a folder that does not exist is an empty index."""
    versions = Versions(index_dir)
    states = tuple(_state(versions, version) for version in reversed(versions.ids()))
    return Status(str(index_dir), versions.live(), versions.candidate(), states, tuple(versions.history()[-SHOWN:]))


def _state(versions: Versions, version: str) -> VersionState:
    try:
        about = read_manifest(versions.path(version))
        encoder = str(about["encoder"]["name"])
        return VersionState(
            version, about["built_at"], about["built_by"], encoder, about["articles"], about["chunks"], about["changes"], ""
        )
    except (VersionError, KeyError, TypeError) as error:
        return VersionState(version, "", "", "", 0, 0, {}, f"cannot be opened: {error}")
