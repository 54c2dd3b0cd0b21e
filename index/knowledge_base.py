"""The knowledge base as the other rooms use it: opened once, searched by many threads, following the live version."""

from __future__ import annotations

import threading
from pathlib import Path

from index.articles import Article, SectionRef
from index.encoder import Encoder
from index.errors import VersionError
from index.search import Hit, SearchResult, search
from index.snapshot import Snapshot, read_manifest, read_snapshot
from index.versions import Versions

__all__ = ["Article", "Hit", "KnowledgeBase", "SearchResult", "SectionRef"]


class KnowledgeBase:
    """A version of the index with the encoder it was built with.

    A search works on the snapshot that was current when it began; :meth:`refresh` puts another one in its place, so that no
    reader ever waits.
    """

    def __init__(self, versions: Versions, encoder: Encoder, snapshot: Snapshot, *, candidate: bool) -> None:
        self._versions = versions
        self._encoder = encoder
        self._candidate = candidate
        self._loading = threading.Lock()
        self._show(snapshot)

    @classmethod
    def open(cls, index_dir: Path, encoder: Encoder, *, candidate: bool = False) -> KnowledgeBase:
        """Open the live version under ``index_dir``, or the newest build with ``candidate``.

        :class:`VersionError` where there is none, it is not whole, or it was built with another encoder.
        """
        versions = Versions(index_dir)
        snapshot = _load(versions, versions.require(candidate=candidate), encoder)
        return cls(versions, encoder, snapshot, candidate=candidate)

    @property
    def version(self) -> str:
        """The version that is being searched."""
        return self._snapshot.version

    def search(self, query: str, top: int = 10, *, context: str | None = None) -> SearchResult:
        """The ``top`` best pages for ``query``, one hit a page; ``context`` is the question before, for follow-ups."""
        return search(self._snapshot, self._encoder, query, top, context)

    def article(self, slug: str) -> Article | None:
        """The page with that slug, or None."""
        return self._by_slug.get(slug)

    def articles(self) -> tuple[Article, ...]:
        """All pages, by path."""
        return self._snapshot.articles

    def refresh(self) -> bool:
        """Follow the live pointer; True where another version was opened. Cheap where nothing moved.

        :class:`VersionError` where the new version cannot be used; the old one goes on serving.
        """
        wanted = self._versions.candidate() if self._candidate else self._versions.live()
        if wanted is None or wanted == self.version:
            return False
        with self._loading:
            if wanted == self.version:
                return False
            self._show(_load(self._versions, wanted, self._encoder))
        return True

    def _show(self, snapshot: Snapshot) -> None:
        self._by_slug = {article.slug: article for article in snapshot.articles}
        self._snapshot = snapshot


def _load(versions: Versions, version: str, encoder: Encoder) -> Snapshot:
    folder = versions.path(version)
    built_with = read_manifest(folder)["encoder"]
    if built_with["fingerprint"] != encoder.fingerprint:
        raise VersionError(
            f"version {version} was built with the encoder {built_with['name']} ({built_with['fingerprint']}), not with "
            f"{encoder.name} ({encoder.fingerprint}); run `support kb build` and `support kb publish`"
        )
    return read_snapshot(folder, version)
