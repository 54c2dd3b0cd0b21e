"""Keeps the scorecards of versions in ``INDEX_DIR/golden``, so that the status can show them without asking again."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Collection
from pathlib import Path

from index.scorecard import Scorecard


class Scorecards:
    """The cards of one index folder."""

    def __init__(self, index_dir: Path) -> None:
        self._folder = index_dir / "golden"

    def keep(self, card: Scorecard, versions: Collection[str]) -> None:
        """Keep a card; those of versions that are not among ``versions`` any more go, and so does what a killed process left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for file in (*self._folder.glob(".draft-*"), *self._folder.glob("*.json")):
                if file.stem not in versions:
                    file.unlink(missing_ok=True)
            draft = self._folder / f".draft-{card.version}"
            draft.write_text(json.dumps(card.as_dict()), encoding="utf-8")
            os.replace(draft, self._folder / f"{card.version}.json")

    def read(self, version: str) -> Scorecard | None:
        """The card that was kept of a version, or None."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return Scorecard.from_dict(json.loads((self._folder / f"{version}.json").read_text(encoding="utf-8")))
        return None
