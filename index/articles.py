"""What the knowledge base is made of: articles and their sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SectionRef:
    """A heading of an article: its text, the anchor that links to it, and its level (2 for ``##``)."""

    title: str
    anchor: str
    level: int


@dataclass(frozen=True, slots=True)
class Article:
    """One page. ``path`` is relative to the content folder; ``revision`` is 12 hex digits of the hash of the file's bytes;
    ``follows`` is the slug of the page that is read before this one, where pages form a series.
    """

    path: str
    slug: str
    title: str
    kind: str
    area: str | None
    summary: str
    updated: str | None
    owner: str | None
    tags: tuple[str, ...]
    questions: tuple[str, ...]
    plans: tuple[str, ...]
    versions: tuple[str, ...]
    related: tuple[str, ...]
    video: dict[str, Any] | None
    revision: str
    markdown: str
    sections: tuple[SectionRef, ...]
    follows: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Article:
        """The article that :meth:`as_dict` was made of."""
        lists = {name: tuple(values[name]) for name in ("tags", "questions", "plans", "versions", "related")}
        return cls(**{**values, **lists, "sections": tuple(SectionRef(**each) for each in values["sections"])})
