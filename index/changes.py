"""Which pages differ between two versions, by their revisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import VersionError
from index.snapshot import read_manifest
from index.versions import Versions


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths of pages that one version has and the other has not, or has in another revision."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, list[str]]:
        """Plain values for JSON."""
        return {"added": list(self.added), "changed": list(self.changed), "removed": list(self.removed)}

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(paths) for name, paths in self.as_dict().items()}


def changes(now: Mapping[str, str], before: Mapping[str, str]) -> Changes:
    """What ``now`` changed against ``before``; both map a page's path to its revision."""
    return Changes(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(path for path in now.keys() & before.keys() if now[path] != before[path])),
        removed=tuple(sorted(before.keys() - now.keys())),
    )


def revisions(versions: Versions, version: str | None) -> Mapping[str, str]:
    """Revision by path of a version's pages; empty where there is no version or it cannot be read."""
    try:
        found = read_manifest(versions.path(version)).get("revisions") if version else {}
    except VersionError:
        found = {}
    return found if isinstance(found, dict) else {}
