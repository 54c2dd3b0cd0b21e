"""The shipped questions that no help centre answers, and those that few do."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def foreign_questions() -> tuple[str, ...]:
    """Those of ``foreign_questions.txt``, which no help centre answers, in the file's order."""
    return _read("foreign_questions.txt")


@lru_cache(maxsize=1)
def neighbouring_questions() -> tuple[str, ...]:
    """Those of ``neighbouring_questions.txt``, to software of many kinds, of which a help centre answers few."""
    return _read("neighbouring_questions.txt")


def _read(name: str) -> tuple[str, ...]:
    lines = (line.strip() for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
