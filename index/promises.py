"""Finds statements of when support answers or is open, which only the promise clock may make.

Each pattern names people who answer, or opening hours: durations of the product ("the link is kept for 7 days") are fine.
"""

from __future__ import annotations

import re

_NUMBER = r"(?:one|two|three|four|five|six|eight|ten|twelve|an?|a few|several|\d+)(?:\s*(?:-|to|or|–)\s*\w+)?"
_UNIT = r"(?:(?:business|working)\s+)?(?:minutes?|mins?|hours?|hrs?|days?|weeks?)"
_SPAN = rf"(?:{_NUMBER}\s+{_UNIT}|\d+-hour|the\s+(?:same|next)\s+(?:business\s+|working\s+)?day)"
_ABOUT = r"(?:about\s+|around\s+|at most\s+|less than\s+|under\s+|the next\s+)?"
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|tue|wed|thu|fri|sat|sun)\b\.?)"
_DAYS = rf"{_DAY}\s*(?:to|through|until|-|–)\s*{_DAY}"
_TIME = r"\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?m\b\.?"
_CLOCK = r"\d{1,2}:\d{2}"
_TO = r"\s*(?:to|until|till|-|–)\s*"
_TIMES = rf"(?:{_TIME}{_TO}{_TIME}|{_TIME}\s+and\s+{_TIME}|{_CLOCK}{_TO}{_CLOCK})"
_US = (
    r"(?:we|support|our (?:support )?(?:team|staff|agents?)|the (?:support )?team|somebody|someone"
    r"|an? (?:agent|person|colleague|specialist|member)|you(?:'ll| will)? (?:get|hear|receive|have))"
)
_ANSWER = (
    r"(?:repl(?:y|ies|ied)|answers?|answered|responds?|response|gets? back|hear back|hear from|contacts?|contacted"
    r"|calls? (?:you )?back|comes? back to you|be in touch|reacts?)"
)
_OPEN = r"(?:support|our team|support team|on duty|office hours|reach us|contact us|we are (?:open|available|here))"
_ASKED = r"(?:requests?|tickets?|enquir(?:y|ies)|questions?)"
_AT_ONCE = r"(?:immediately|instantly|right away|straight away|the same day|overnight|(?:at|on) weekends?)"


def _gap(length: int) -> str:
    """Other words of the same sentence and table cell."""
    return rf"[^.!?\n|]{{0,{length}}}"


PROMISES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_US}\b{_gap(60)}\b{_ANSWER}\b{_gap(50)}\b(?:within|in|after|by)\s+{_ABOUT}{_SPAN}",
        rf"\b(?:within|in)\s+{_ABOUT}{_SPAN}{_gap(40)}\b{_US}\b{_gap(40)}\b{_ANSWER}\b",
        rf"\b(?:response|reply|answer|answering)[ -]times?\b{_gap(40)}\b{_SPAN}",
        rf"\b{_SPAN}\s+(?:response|reply|answer)[ -]times?\b",
        rf"\b(?:{_ANSWER}|hear)\b{_gap(30)}\bfrom (?:us|support|our team)\b{_gap(30)}\bwithin\s+{_SPAN}",
        rf"\b(?:expect|get|receive)\b{_gap(20)}\b(?:reply|answer|response)\b{_gap(20)}\b(?:within|in|by)\s+{_ABOUT}{_SPAN}",
        rf"\b{_ASKED}\b{_gap(40)}\b(?:answered|replied to|handled)\b{_gap(20)}\b(?:within|in)\s+{_ABOUT}{_SPAN}",
        rf"\b{_TIMES}{_gap(60)}\b{_OPEN}\b",
        rf"\b{_OPEN}\b{_gap(60)}\b{_TIMES}",
        rf"\b{_DAYS}{_gap(60)}\b{_OPEN}\b",
        rf"\b{_OPEN}\b{_gap(60)}\b{_DAYS}",
        rf"\b{_OPEN}\b{_gap(30)}\b(?:on|during)\s+(?:weekdays|(?:business|working) days|weekends|public holidays)\b",
        rf"\b{_DAYS}\W{{1,5}}(?:from\s+)?{_TIMES}",
        rf"\b(?:24\s*/\s*7|around the clock)\b{_gap(40)}\b{_OPEN}\b",
        rf"\b{_OPEN}\b{_gap(40)}\b(?:24\s*/\s*7|around the clock)",
        r"\b(?:support|opening|office|service)\s+hours\s+(?:are|is|run)\b",
        rf"\b{_US}\b{_gap(40)}\b{_ANSWER}\b{_gap(30)}\b{_AT_ONCE}\b",
    )
)


def promise_in(text: str) -> str | None:
    """The words of ``text``, one paragraph, that state when support answers or is open; None where it states nothing of it."""
    for pattern in PROMISES:
        match = pattern.search(text)
        if match:
            return match.group(0)
    return None
