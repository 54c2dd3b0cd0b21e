"""Where editors work on the knowledge base: the content folder, builds, what a version makes of questions, publishing.

One object for the console's pages, made by the composition root. Blocking: call it in a thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from desk.question_groups import Likeness, by_meaning, by_wording
from index.articles import Article
from index.changes import Changes, changes, revisions
from index.checks import Allowed
from index.encoder import Encoder
from index.encoders import fingerprint_of
from index.explain import Explanation, explain
from index.gate import Decision, open_version
from index.golden import FILE as GOLDEN
from index.history import Event
from index.publishing import Published, Publisher
from index.snapshot import Snapshot, read_manifest
from index.status import Status, status
from index.versions import Versions
from web.builds import Builds, BuildState, Job
from web.content import Content, ContentFolder, Page, pages
from web.library import Encoders, Library
from web.remembered import RememberingEncoder

logger = logging.getLogger(__name__)

_OPEN = 2  # versions kept open for searching: the live one and the newest build


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie, and the name of the encoder that builds use."""

    content: Path
    index: Path
    models: Path
    policy_file: Path
    encoder: str


class Workshop:
    """Everything that editors do. ``observer`` is told of every event of the index's history, for the audit log."""

    def __init__(
        self,
        places: Places,
        encoders: Encoders,
        library: Library,
        observer: Callable[[Event], None],
        now: Callable[[], datetime],
    ) -> None:
        self._places = places
        self._encoders = encoders
        self._library = library
        self._now = now
        self._versions = Versions(places.index)
        self._folder = ContentFolder(places.content, Allowed.from_policy(places.policy_file))
        told = _told_safely(observer)
        self._builds = Builds(told)
        served = fingerprint_of(places.encoder, places.models)
        self._publisher = Publisher(places.index, self._encoder, served=served, observer=told)
        self._lock = threading.Lock()
        self._remembering: dict[str, RememberingEncoder] = {}
        self._open: dict[str, Snapshot] = {}
        self._decisions: dict[object, Decision] = {}

    @property
    def folder(self) -> Path:
        """The content folder."""
        return self._places.content

    @property
    def today(self) -> date:
        """The date by which pages count as reviewed long ago."""
        return self._now().date()

    def content(self) -> Content:
        """The content folder as it stands, with all findings."""
        return self._folder.read(self.today)

    def live_articles(self) -> tuple[Article, ...]:
        """The pages of the live version; none while there is none."""
        knowledge = self._library.current()
        return knowledge.articles() if knowledge else ()

    def pages(self) -> tuple[Page, ...]:
        """Every page of the folder and of the live version, with its states."""
        return pages(self.content(), self.live_articles(), self.today)

    def status(self) -> Status:
        """Versions, who, when, why, what changed."""
        return status(self._places.index)

    def earlier(self) -> str | None:
        """The version to which a rollback would lead."""
        return self._versions.earlier()

    def changes(self, version: str, against: str | None) -> Changes:
        """Which pages two versions have in other revisions."""
        return changes(revisions(self._versions, version), revisions(self._versions, against))

    def explain(self, query: str, version: str) -> Explanation:
        """Search a version and say why pages rank as they do. ``VersionError`` where it cannot be opened."""
        snapshot = self._snapshot(version)
        return explain(snapshot, self._encoder(str(snapshot.manifest["encoder"]["name"])), query)

    def examine(self, version: str) -> Decision:
        """What the gate says to a version, and what it and the live one make of the golden questions; kept until one of these
        changes.
        """
        golden = self._places.content / GOLDEN
        key = (version, self._versions.live(), golden.stat().st_mtime_ns if golden.exists() else None)
        with self._lock:
            known = self._decisions.get(key)
        if known is None:
            known = self._publisher.examine(version)
            with self._lock:
                self._decisions = {key: known}
        return known

    def build_state(self) -> BuildState | None:
        """The build under way, or the last one."""
        return self._builds.state

    def build(self, by: str, why: str) -> BuildState:
        """Begin a build. Raises ``BuildRunning`` and ``OSError``."""
        p = self._places
        return self._builds.start(Job(p.content, p.index, p.encoder, p.models, p.policy_file, by, why, self._now()))

    def publish(self, version: str, by: str, why: str, *, force: str, expected: str | None) -> Published:
        """Make a version live, past the gate only with a reason, ``force``. Raises ``PublishRefused``, ``PublishConflict``."""
        return self._publisher.publish(version, by=by, at=self._now(), why=why, force=force, expected=expected)

    def rollback(self, by: str, why: str, *, expected: str | None) -> Published:
        """Make the version live that was live before. Raises ``PublishConflict`` and ``VersionError``."""
        return self._publisher.rollback(by=by, at=self._now(), why=why, expected=expected)

    def likeness(self, wanted: str | None) -> Likeness:
        """How questions are compared: by "meaning" or "wording", or by meaning if the model is in memory anyway."""
        if wanted == "meaning" or (wanted is None and self._encoders.loaded(self._places.encoder)):
            return by_meaning(self._encoder(self._places.encoder).encode)
        return by_wording()

    def close(self) -> None:
        """Stop what is under way."""
        self._builds.close()

    def _encoder(self, name: str) -> Encoder:
        with self._lock:
            if name not in self._remembering:
                self._remembering[name] = RememberingEncoder(self._encoders.open(name))
            return self._remembering[name]

    def _snapshot(self, version: str) -> Snapshot:
        with self._lock:
            if version in self._open:
                return self._open[version]
        with self._versions.reading(version) as folder:
            encoder = self._encoder(str(read_manifest(folder)["encoder"]["name"]))
            snapshot = open_version(folder, version, encoder)
        with self._lock:
            while len(self._open) >= _OPEN:
                del self._open[next(iter(self._open))]
            self._open[version] = snapshot
        return snapshot


def _told_safely(observer: Callable[[Event], None]) -> Callable[[Event], None]:
    """What is done is done: an audit log that fails must not make a publication look as if it had failed."""

    def tell(event: Event) -> None:
        try:
            observer(event)
        except Exception:
            logger.exception("%s of %s could not be entered into the audit log", event.action, event.version)

    return tell
