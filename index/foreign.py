"""The shipped questions that no help centre answers (``foreign_questions.txt``)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("foreign_questions.txt")


@lru_cache(maxsize=1)
def foreign_questions() -> tuple[str, ...]:
    """The questions, in the file's order."""
    lines = (line.strip() for line in _FILE.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
