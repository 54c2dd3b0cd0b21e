"""Checked access to the YAML of the policy: each complaint names the file, the key, and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path


class PolicyError(ValueError):
    """The policy file cannot be used; the message names file and key and says what to write."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file and the key path that leads to it."""

    file: Path
    key: str
    value: object

    def fail(self, advice: str) -> PolicyError:
        """The error to raise for this value."""
        return PolicyError(f"{self.file}: {self.key or 'the file'}: {advice}")

    def get(self, key: str) -> Node:
        """The value under ``key`` of a mapping; it must be there."""
        node = self.find(key)
        if node is None:
            raise self._below(key).fail("is missing; write it")
        return node

    def find(self, key: str) -> Node | None:
        """The value under ``key`` of a mapping, or None."""
        value = self._mapping().get(key)
        return None if value is None else Node(self.file, self._below(key).key, value)

    def only(self, keys: Iterable[str]) -> Node:
        """This mapping, if it has no other keys than these (a misspelt key would silently be a lost fact)."""
        known = tuple(keys)
        for key in self._mapping():
            if key not in known:
                raise self._below(str(key)).fail(f"is not known; write one of {', '.join(known)}")
        return self

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Key and value of each entry of a mapping."""
        for key, value in self._mapping().items():
            yield str(key), Node(self.file, self._below(str(key)).key, value)

    def items(self) -> tuple[Node, ...]:
        """The values of a list."""
        if not isinstance(self.value, list):
            raise self.fail("write a list")
        return tuple(Node(self.file, f"{self.key}[{n}]", value) for n, value in enumerate(self.value, start=1))

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fail(f"is {self.value!r}; write a text (quote it if it looks like a number, on, off or no)")
        return self.value.strip()

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def number(self, lowest: int = 1) -> int:
        """A whole number of at least ``lowest``."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < lowest:
            raise self.fail(f"is {self.value!r}; write a whole number from {lowest}")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.fail(f"is {self.value!r}; write true or false")
        return self.value

    def day(self) -> date:
        """A date."""
        if not isinstance(self.value, date) or isinstance(self.value, datetime):
            raise self.fail(f"is {self.value!r}; write a date such as 2026-12-31")
        return self.value

    def clock(self) -> time:
        """A time of day."""
        try:
            return time.fromisoformat(self.text())
        except ValueError:
            raise self.fail(f'is {self.value!r}; write a time of day such as "09:00"') from None

    def choice(self, choices: Iterable[str]) -> str:
        """One of the given words."""
        known = tuple(choices)
        text = self.text()
        if text not in known:
            raise self.fail(f"is {text!r}; write one of {', '.join(known)}")
        return text

    def _below(self, key: str) -> Node:
        return Node(self.file, f"{self.key}.{key}" if self.key else key, None)

    def _mapping(self) -> dict[object, object]:
        if not isinstance(self.value, dict):
            raise self.fail("write keys with values")
        return self.value
