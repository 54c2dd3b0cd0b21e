"""What a check of the content says, and the names it holds pages to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from index.reader import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: the file and line, what is wrong, how to mend it. ``error`` False is a warning."""

    path: str
    line: int
    message: str
    fix: str
    error: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'error' if self.error else 'warning'}: {self.message}. {self.fix}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The names that pages may use; an empty set allows anything.

    ``plans`` are codes, ``plan_names`` what customers read; ``versions`` are release lines; ``integrations`` are names and
    ``integration_slugs`` the pages of the supported ones; ``others`` are applications that are not integrated.
    """

    plans: frozenset[str] = field(default_factory=frozenset)
    versions: frozenset[str] = field(default_factory=frozenset)
    plan_names: frozenset[str] = field(default_factory=frozenset)
    integrations: frozenset[str] = field(default_factory=frozenset)
    integration_slugs: frozenset[str] = field(default_factory=frozenset)
    others: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def from_policy(cls, file: Path) -> Allowed:
        """Read them from the policy's data, as plain YAML since this room imports no other; what it lacks is not checked."""
        try:
            values = yaml.safe_load(file.read_text(encoding="utf-8"))
            items = [each for item in values.get("integrations", ()) for each in (item, *item.get("products", ()))]
            return cls(
                plans=frozenset(str(each["code"]) for each in values.get("plans", ())),
                versions=frozenset(str(each["line"]) for each in values.get("versions", ())),
                plan_names=frozenset(str(each["name"]) for each in values.get("plans", ())),
                integrations=frozenset(name for each in items for name in (str(each["name"]), *_aliases(each))),
                integration_slugs=frozenset(str(each["slug"]) for each in items),
                others=frozenset(_other_names(values.get("other_applications", ()))),
            )
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages of the folder, to find the one that a link names."""

    by_slug: Mapping[str, Source]
    by_path: Mapping[str, Source]

    @classmethod
    def of(cls, sources: Sequence[Source]) -> Pages:
        """Pages by slug and by path."""
        return cls({each.article.slug: each for each in sources}, {each.article.path: each for each in sources})


def line_of_key(source: Source, key: str) -> int:
    """The line on which a key of the front matter stands; 1 where it is not there."""
    for number, line in enumerate(source.text.split("\n")[: source.front.first_line], 1):
        if line.strip().startswith(f"{key}:"):
            return number
    return 1


def _aliases(item: Mapping[str, Any]) -> list[str]:
    return [str(alias) for alias in item.get("aliases", ())]


def _other_names(items: Iterable[Any]) -> Iterable[str]:
    """Names that are also words of everyday English are left out: a check of running text would take the word for the name."""
    for item in items:
        if isinstance(item, str):
            yield item
        elif "word" not in item:
            yield str(item["name"])
            yield from _aliases(item)
