"""Versions of the index on disk: immutable folders, and one pointer that says which is live.

``INDEX_DIR/versions/<id>/`` is made elsewhere and renamed into place, so it is there whole or not at all. ``INDEX_DIR/live`` is a
symbolic link that is replaced by rename: a reader sees the old version or the new one, never neither. What was done by whom
is appended to ``INDEX_DIR/history.jsonl``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from index.errors import VersionError

KEPT = 5  # versions kept besides the live one and the one before it
_ID = re.compile(r"(\d{6,})-[0-9a-f]{8}")

Gate = Callable[[Path], None]
"""Looks at a candidate's folder before it goes live, and raises an error that says why it must not."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: ``action`` is build, publish or rollback."""

    at: str
    by: str
    action: str
    version: str
    previous: str | None
    detail: dict[str, Any]


class Versions:
    """The versions under one folder."""

    def __init__(self, index_dir: Path) -> None:
        self.folder = index_dir
        self._all = index_dir / "versions"
        self._live = index_dir / "live"
        self._history = index_dir / "history.jsonl"

    def ids(self) -> list[str]:
        """All versions, oldest first."""
        if not self._all.is_dir():
            return []
        found = (each.name for each in self._all.iterdir() if _ID.fullmatch(each.name) and each.is_dir())
        return sorted(found, key=_number)

    def live(self) -> str | None:
        """The live version, or None where there is none yet. One system call: cheap enough for every request."""
        try:
            name = os.path.basename(os.readlink(self._live))
        except OSError:
            return None
        return name if _ID.fullmatch(name) else None

    def candidate(self) -> str | None:
        """The newest build, live or not."""
        return max(self.ids(), key=_number, default=None)

    def path(self, version: str) -> Path:
        """Folder of a version; :class:`VersionError` where there is none."""
        folder = self._all / version
        if not _ID.fullmatch(version) or not folder.is_dir():
            known = ", ".join(self.ids()) or "none yet: run `support kb build`"
            raise VersionError(f"{self.folder} has no version {version!r}; there is: {known}")
        return folder

    def require(self, *, candidate: bool = False) -> str:
        """The live version, or the newest with ``candidate``; :class:`VersionError` says how to make one."""
        version = self.candidate() if candidate else self.live()
        if version is None:
            advice = "run `support kb publish`" if self.ids() else "run `support kb build`"
            raise VersionError(f"{self.folder} has no {'version' if candidate else 'live version'}; {advice}")
        return version

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; the lock goes when its process does. Readers never wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def draft(self, digest: str) -> Iterator[tuple[str, Path]]:
        """A new version's id and an empty folder to fill; it becomes a version when the block ends without an error.

        To be used under :meth:`locked`. The id counts up and never comes again, whatever the clock says; ``digest`` is the hash
        of the version's inputs, 8 hex digits of which end the id.
        """
        self._all.mkdir(parents=True, exist_ok=True)
        self._sweep()
        used = [*self.ids(), *(event.version for event in self.history())]
        version = f"{max(map(_number, used), default=0) + 1:06d}-{digest[:8]}"
        work = Path(tempfile.mkdtemp(prefix=".draft-", dir=self._all))
        try:
            yield version, work
            work.chmod(0o755)
            for file in sorted(work.rglob("*")):
                _sync(file)
            os.replace(work, self._all / version)
            _sync(self._all)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise

    def publish(self, version: str, by: str, at: datetime, *, action: str = "publish", gate: Gate | None = None) -> str | None:
        """Make ``version`` live and return the one that was. ``gate`` may refuse by raising; then nothing changes."""
        folder = self.path(version)
        if gate is not None:
            gate(folder)
        previous = self.live()
        if version == previous:
            return previous
        draft = self.folder / f".live-{os.getpid()}"
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        draft.symlink_to(Path("versions") / version)
        os.replace(draft, self._live)
        _sync(self.folder)
        self.record(Event(stamp(at), by, action, version, previous, {}))
        return previous

    def rollback(self, by: str, at: datetime) -> str:
        """Make the version live that was live before the present one; returns it."""
        live = self.require()
        earlier = self._before(live)
        if earlier is None:
            raise VersionError(f"{live} has no earlier live version that still exists; publish another one instead")
        self.publish(earlier, by, at, action="rollback")
        return earlier

    def _before(self, live: str) -> str | None:
        """Walk the history back. A rollback takes away the publication it undid, so that a second one goes further back."""
        stack: list[str] = []
        for event in self.history():
            if event.action == "publish":
                stack.append(event.version)
            elif event.action == "rollback":
                while stack and stack[-1] != event.version:
                    stack.pop()
        existing = set(self.ids())
        return next((version for version in reversed(stack) if version != live and version in existing), None)

    def record(self, event: Event) -> None:
        """Append to the history, one line in one write."""
        values = {name: getattr(event, name) for name in event.__dataclass_fields__}
        with self._history.open("ab+") as file:
            # A crash may have left a torn line without its end; this one must not grow onto it.
            if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                file.write(b"\n")
            file.write(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def history(self) -> list[Event]:
        """What was done, oldest first. A line torn by a crash is passed over."""
        if not self._history.is_file():
            return []
        events = []
        for line in self._history.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, TypeError):
                events.append(Event(**json.loads(line)))
        return events

    def prune(self) -> list[str]:
        """Remove old versions, sparing the live one, the one before it and the newest :data:`KEPT`; returns what went.

        A process that still serves a removed version keeps its files open and is not disturbed.
        """
        live = self.live()
        spared = {live, self._before(live) if live else None, *self.ids()[-KEPT:]}
        gone = [version for version in self.ids() if version not in spared]
        for version in gone:
            shutil.rmtree(self._all / version, ignore_errors=True)
        return gone

    def _sweep(self) -> None:
        """Remove drafts that a killed build left behind; the lock says that no build is running now."""
        for left in self._all.glob(".draft-*"):
            shutil.rmtree(left, ignore_errors=True)


def _number(version: str) -> int:
    match = _ID.fullmatch(version)
    return int(match.group(1)) if match else 0


def stamp(at: datetime) -> str:
    """An instant as ISO 8601 in UTC, to the second."""
    return at.astimezone(timezone.utc).isoformat(timespec="seconds")


def _sync(path: Path) -> None:
    """Force a file or folder to the disk, so that the pointer never outlives what it points at."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
