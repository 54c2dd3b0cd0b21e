"""The knowledge base as the other rooms use it: opened once, searched by many threads, following the live version."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article, SectionRef
from index.encoder import Encoder
from index.errors import VersionError
from index.search import Hit, SearchResult, search
from index.snapshot import Snapshot, read_manifest, read_snapshot
from index.versions import Versions

__all__ = ["Article", "Hit", "KnowledgeBase", "SearchResult", "SectionRef"]

_TRIES = 5  # the version that was wanted may have been replaced and pruned before it could be opened


@dataclass(frozen=True, slots=True)
class _Shown:
    """What readers see, replaced as a whole."""

    snapshot: Snapshot
    by_slug: dict[str, Article]


class KnowledgeBase:
    """A version of the index with the encoder it was built with.

    A search works on the snapshot that was current when it began; :meth:`refresh` puts another one in its place, so that no
    reader ever waits.
    """

    def __init__(
        self, versions: Versions, encoder: Encoder, snapshot: Snapshot, *, candidate: bool = False, pinned: bool = False
    ) -> None:
        self._versions = versions
        self._encoder = encoder
        self._candidate = candidate
        self._pinned = pinned
        self._loading = threading.Lock()
        self._shown = _shown(snapshot)

    @classmethod
    def open(cls, index_dir: Path, encoder: Encoder, *, candidate: bool = False, version: str | None = None) -> KnowledgeBase:
        """Open the live version under ``index_dir``, the newest build with ``candidate``, or the one that ``version`` names.

        A named version stays what it is; otherwise :meth:`refresh` follows. :class:`VersionError` where there is none, it is not
        whole, or it was built with another encoder.
        """
        versions = Versions(index_dir)
        for left in reversed(range(_TRIES)):
            wanted = version or versions.require(candidate=candidate)
            try:
                snapshot = _load(versions, wanted, encoder)
                break
            except VersionError:
                moved = version is None and versions.require(candidate=candidate) != wanted
                if not (moved and left):
                    raise
        return cls(versions, encoder, snapshot, candidate=candidate, pinned=version is not None)

    @property
    def version(self) -> str:
        """The version that is being searched."""
        return self._shown.snapshot.version

    def search(self, query: str, top: int = 10, *, context: str | None = None) -> SearchResult:
        """The ``top`` best pages for ``query``, one hit a page; ``context`` is the question before, for follow-ups."""
        return search(self._shown.snapshot, self._encoder, query, top, context)

    def article(self, slug: str) -> Article | None:
        """The page with that slug, or None."""
        return self._shown.by_slug.get(slug)

    def articles(self) -> tuple[Article, ...]:
        """All pages, by path."""
        return self._shown.snapshot.articles

    def refresh(self) -> bool:
        """Follow the live pointer; True where another version was opened. Cheap where nothing moved.

        :class:`VersionError` where the new version cannot be used; the old one goes on serving.
        """
        if self._pinned or self._wanted() == self.version:
            return False
        with self._loading:
            for left in reversed(range(_TRIES)):
                wanted = self._wanted()
                if wanted == self.version:
                    return False
                try:
                    self._shown = _shown(_load(self._versions, wanted, self._encoder))
                    return True
                except VersionError:
                    if not left or self._wanted() == wanted:
                        raise
        return False

    def _wanted(self) -> str:
        """The version to be shown; the present one where there is none (an index folder that is being moved, say)."""
        return (self._versions.candidate() if self._candidate else self._versions.live()) or self.version


def _shown(snapshot: Snapshot) -> _Shown:
    return _Shown(snapshot, {article.slug: article for article in snapshot.articles})


def _load(versions: Versions, version: str, encoder: Encoder) -> Snapshot:
    with versions.reading(version) as folder:
        built_with = read_manifest(folder)["encoder"]
        if built_with["fingerprint"] != encoder.fingerprint:
            raise VersionError(
                f"version {version} was built with the encoder {built_with['name']} ({built_with['fingerprint']}), not with "
                f"{encoder.name} ({encoder.fingerprint}); run `support kb build` and `support kb publish`"
            )
        return read_snapshot(folder, version)
