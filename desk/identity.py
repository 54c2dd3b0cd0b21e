"""Who is talking: the claims of a verified identity token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified customer. ``region`` is an ISO 3166 code, ``tz`` an IANA time zone; what is not known is
    None.
    """

    sub: str
    name: str | None = None
    email: str | None = None
    account: str | None = None
    plan: str | None = None
    region: str | None = None
    tz: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The identity as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Identity:
        """The identity of a JSON object; other keys are ignored. Raises ``KeyError`` without ``sub``."""
        known: dict[str, Any] = {field.name: value.get(field.name) for field in fields(cls)}
        known["sub"] = str(value["sub"])
        return cls(**known)
