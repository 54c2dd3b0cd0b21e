"""Takes out of a text by what its writer could be reached, for readers who have no business with that.

Customers write these texts: whatever they hold, the time that masking takes must grow no faster than they do.
"""

from __future__ import annotations

import re

_MASKS = (
    # Within a run of such characters only the next 64 are tried from each of them (no mailbox has a longer name), or a long run
    # without an @ would be gone through once for each of its characters.
    (re.compile(r"(?:(?<![\w.+-])[\w.+-]+|[\w.+-]{1,64})@[\w-]+(?:\.[\w-]+)+"), "[e-mail address]"),
    # thirteen digits and more: a card's number
    (re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])"), "[number]"),
    # with a country's or a trunk's prefix; a bare run of digits may as well be a row, an amount or a date
    (re.compile(r"(?<![\w.-])(?:\+|00?|\()\d[\d ()/.-]{5,17}\d(?!\w)"), "[phone number]"),
    (re.compile(r"(?<![\w.-])\d{3}[ .-]\d{3}[ .-]\d{4}(?![\w-])"), "[phone number]"),
)


def masked(text: str) -> str:
    """The text without e-mail addresses, telephone and card numbers."""
    for pattern, stand_in in _MASKS:
        text = pattern.sub(stand_in, text)
    return text
