"""Typed equivalents of buttons: "2", "the second one", or a button's own title mean what pressing it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_ORDINALS = {
    "first": 0,
    "second": 1,
    "third": 2,
    "one": 0,
    "two": 1,
    "three": 2,
    "1": 0,
    "2": 1,
    "3": 2,
    "1st": 0,
    "2nd": 1,
    "3rd": 2,
}
_NUMBERED = re.compile(
    r"\W*(?:(?:ok|okay|yes|please|i mean|i choose|take|number|no\.|option|choice|answer|the|button)[\s,]+)*"
    r"(?P<which>first|second|third|last|one|two|three|[123](?:st|nd|rd)?)"
    r"(?:\s+(?:one|option|choice|button|please))*\W*",
    re.IGNORECASE,
)


def chosen(text: str, buttons: Sequence[Mapping[str, Any]], *, by_number: bool = True) -> str | None:
    """The payload of the button that ``text`` chooses, or None where it chooses none.

    ``by_number`` is False where a number is an answer of its own ("how many of you?").
    """
    plain = _plain(text)
    for button in buttons:
        if plain and plain in (_plain(str(button["title"])), _plain(str(button["payload"]))):
            return str(button["payload"])
    match = _NUMBERED.fullmatch(text) if by_number else None
    if match is None or len(buttons) < 2:
        return None
    which = match["which"].lower()
    place = len(buttons) - 1 if which == "last" else _ORDINALS[which]
    return str(buttons[place]["payload"]) if place < len(buttons) else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())
