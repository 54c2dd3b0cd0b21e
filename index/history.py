"""What was done to an index, by whom, when and why: one line of JSON an event, only ever appended to.

A change of the live version is written down before it is made (:meth:`History.intend`) and entered when it is made
(:meth:`History.settle`), so that a process that is killed in between leaves no change without its author.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

MOVES = ("publish", "rollback")
RECENT = 5  # last events among which one that was just entered is looked for


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history. ``action`` is build, publish, rollback or refused; ``why`` is what its author gave as reason.

    ``detail`` of a build counts added, changed and removed pages; of a publication it tells the golden scores, and under
    ``forced`` the reason for which the gate was passed over; of a refusal it lists the gate's reasons.
    """

    at: str
    by: str
    action: str
    version: str
    previous: str | None
    detail: dict[str, Any] = field(default_factory=dict)
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def audit_entry(self) -> tuple[str, str, str, dict[str, Any], datetime]:
        """Actor, action, subject, detail and instant, as an audit log takes them."""
        told = {"previous": self.previous, "why": self.why, **self.detail}
        return self.by, f"kb.{self.action}", self.version, told, datetime.fromisoformat(self.at)


Observer = Callable[[Event], None]
"""Is told of each event after it was entered; at least once, even where a crash came between the two."""


class History:
    """The events of one index folder."""

    def __init__(self, index_dir: Path, observer: Observer | None = None) -> None:
        self._file = index_dir / "history.jsonl"
        self._intended = index_dir / "intended.json"
        self._observer = observer

    def events(self) -> list[Event]:
        """What was done, oldest first. A line torn by a crash is passed over."""
        if not self._file.is_file():
            return []
        events = []
        for line in self._file.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, TypeError):
                events.append(Event(**json.loads(line)))
        return events

    def pending(self) -> Event | None:
        """The change that was intended and not yet settled, made or not; None where there is none or it cannot be read."""
        try:
            return Event(**json.loads(self._intended.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def record(self, event: Event) -> None:
        """Append one line in one write, and tell the observer."""
        self._append(event)
        self._tell(event)

    def intend(self, event: Event) -> None:
        """Write down a change of the live version that is about to be made."""
        draft = self._intended.with_name(f".intended-{os.getpid()}")
        draft.write_text(json.dumps(event.as_dict()), encoding="utf-8")
        os.replace(draft, self._intended)

    def settle(self, live: str | None) -> None:
        """Enter the change that was intended, if ``live`` says that it was made; forget it otherwise.

        Called after every change, and before one for the sake of a process that was killed.
        """
        event = self.pending()
        if event is not None and event.version == live:
            if event not in self.events()[-RECENT:]:
                self._append(event)
            self._tell(event)
        self._intended.unlink(missing_ok=True)

    def _append(self, event: Event) -> None:
        with self._file.open("ab+") as file:
            # A crash may have left a torn line without its end; this one must not grow onto it.
            if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                file.write(b"\n")
            file.write(json.dumps(event.as_dict(), ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def _tell(self, event: Event) -> None:
        if self._observer is not None:
            self._observer(event)


def stamp(at: datetime) -> str:
    """An instant as ISO 8601 in UTC, to the second."""
    return at.astimezone(timezone.utc).isoformat(timespec="seconds")
