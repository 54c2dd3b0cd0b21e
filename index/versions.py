"""Versions of the index on disk: immutable folders, and one pointer that says which is live.

``INDEX_DIR/versions/<id>/`` is made elsewhere and renamed into place, so it is there whole or not at all. ``INDEX_DIR/live`` is a
symbolic link that is replaced by rename: a reader sees the old version or the new one, never neither. What was done by whom
is appended to ``INDEX_DIR/history.jsonl``.

Three locks, each gone with the process that held it: one for builds (minutes), one for whoever moves the pointer or removes
versions (milliseconds, taken inside the first), and one on each version's folder, shared by readers that are just opening it, so
that nothing is removed under them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from index.errors import PublishConflict, VersionError
from index.history import MOVES, RECENT, Event, History, Observer, stamp

KEPT = 5  # versions kept besides the live one and the one before it
WHATEVER = "*"  # stands for any live version where a publication says which one it expects
_ID = re.compile(r"(\d{6,})-[0-9a-f]{8}")

Gate = Callable[[Path], None]
"""Looks at a candidate's folder before it goes live, and raises an error that says why it must not."""


class Versions:
    """The versions under one folder. ``observer`` is told of every event that this object enters into the history."""

    def __init__(self, index_dir: Path, observer: Observer | None = None) -> None:
        self.folder = index_dir
        self._all = index_dir / "versions"
        self._live = index_dir / "live"
        self._history = History(index_dir, observer)

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
        """One build at a time; what a killed one left behind is removed first. Readers and publishers never wait for it."""
        with self._lock(".lock"):
            for left in self._all.glob(".draft-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield

    @contextlib.contextmanager
    def reading(self, version: str) -> Iterator[Path]:
        """The folder of a version, kept from being pruned while the block lasts; :class:`VersionError` where it is gone."""
        try:
            descriptor = os.open(self.path(version), os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise VersionError(f"version {version} is gone ({error}); open the live one") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield self.path(version)  # asked again: it may have been removed before the lock was ours
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def draft(self, digest: str) -> Iterator[tuple[str, Path]]:
        """A new version's id and an empty folder to fill; it becomes a version when the block ends without an error.

        To be used under :meth:`locked`. The id counts up and never comes again, whatever the clock says; ``digest`` is the hash
        of the version's inputs, 8 hex digits of which end the id.
        """
        self._all.mkdir(parents=True, exist_ok=True)
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

    def publish(
        self,
        version: str,
        by: str,
        at: datetime,
        *,
        action: str = "publish",
        gate: Gate | None = None,
        expected: str | None = WHATEVER,
        why: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> str | None:
        """Make ``version`` live and return the one that was.

        ``gate`` may refuse by raising; then nothing changes. ``expected`` is the live version on which the decision to publish
        was based (None: none): :class:`~index.errors.PublishConflict` where another is live by now. With a gate the default is
        the version that is live when the gate begins.
        """
        basis = self.live() if gate is not None and expected == WHATEVER else expected
        if gate is not None:
            gate(self.path(version))
        with self._pointing():
            live = self.live()
            if basis not in (WHATEVER, live):
                raise PublishConflict(self._overtaken(version, basis, live))
            self._point(Event(stamp(at), by, action, version, live, dict(detail or {}), why))
        return live

    def rollback(self, by: str, at: datetime, *, expected: str | None = WHATEVER, why: str = "") -> str:
        """Make the version live that was live before the present one; returns it. ``expected`` as in :meth:`publish`."""
        live = self.require()
        earlier = self.earlier()
        if earlier is None:
            raise VersionError(f"{live} has no earlier live version that still exists; publish another one instead")
        self.publish(earlier, by, at, action="rollback", expected=live if expected == WHATEVER else expected, why=why)
        return earlier

    def earlier(self) -> str | None:
        """The version that a rollback would make live, or None."""
        live = self.live()
        return self._before(live) if live else None

    def _point(self, event: Event) -> None:
        """Move the pointer; to be called under the lock of :meth:`_pointing`."""
        self.path(event.version)
        if event.version == event.previous:
            return
        self._history.intend(event)
        draft = self.folder / f".live-{os.getpid()}"
        draft.symlink_to(Path("versions") / event.version)
        os.replace(draft, self._live)
        _sync(self.folder)
        self._history.settle(event.version)

    def _overtaken(self, version: str, basis: str | None, live: str | None) -> str:
        last = next((event for event in reversed(self.history()) if event.action in MOVES), None)
        who = f" ({last.action} by {last.by} at {last.at})" if last and last.version == live else ""
        return (
            f"{version} was not published: {live or 'no version'} went live in the meantime{who}, and the decision was made "
            f"against {basis or 'an empty index'}. Look at `support kb status` and publish again"
        )

    def _before(self, live: str) -> str | None:
        """Walk the history back. A rollback takes away the publication it undid, so that a second one goes further back."""
        stack: list[str] = []
        for event in self.history():
            if event.action == MOVES[0]:
                stack.append(event.version)
            elif event.action == MOVES[1]:
                while stack and stack[-1] != event.version:
                    stack.pop()
        existing = set(self.ids())
        return next((version for version in reversed(stack) if version != live and version in existing), None)

    def record(self, event: Event) -> None:
        """Enter an event into the history."""
        with self._pointing():
            self._history.record(event)

    def history(self) -> list[Event]:
        """What was done, oldest first; with a change of the live version whose author was killed before it was entered."""
        pending, live = self._history.pending(), self.live()  # read before the events: what is settled meanwhile is among them
        events = self._history.events()
        made = pending is not None and pending.version == live and pending not in events[-RECENT:]
        return [*events, pending] if pending is not None and made else events

    def prune(self) -> list[str]:
        """Remove old versions, sparing the live one, the one before it and the newest :data:`KEPT`; returns what went.

        A process that serves a removed version has its files open and is not disturbed; one that is just opening it makes the
        version wait for the next pruning.
        """
        with self._pointing():
            spared = {self.live(), self.earlier(), *self.ids()[-KEPT:]}
            return [version for version in self.ids() if version not in spared and self._removed(version)]

    def _removed(self, version: str) -> bool:
        descriptor = os.open(self._all / version, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            grave = self._all / f".gone-{version}"
            os.replace(self._all / version, grave)  # at once for whoever looks: a version is there whole or not at all
            shutil.rmtree(grave, ignore_errors=True)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    @contextlib.contextmanager
    def _pointing(self) -> Iterator[None]:
        """One mover of the pointer at a time; what a killed one left behind is brought to its end first."""
        with self._lock(".pointing"):
            for left in (*self.folder.glob(".live-*"), *self.folder.glob(".intended-*")):
                left.unlink(missing_ok=True)
            for left in self._all.glob(".gone-*"):
                shutil.rmtree(left, ignore_errors=True)
            self._history.settle(self.live())
            yield

    @contextlib.contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _number(version: str) -> int:
    match = _ID.fullmatch(version)
    return int(match.group(1)) if match else 0


def _sync(path: Path) -> None:
    """Force a file or folder to the disk, so that the pointer never outlives what it points at."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
