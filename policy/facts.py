"""The figures of the policy as a customer reads them, and the filling of the policy's own templates with
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from policy.values import WEEKDAYS, Hours, PolicyDocument, VersionLine

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def fill(template: str, policy: PolicyDocument, more: Mapping[str, str] | None = None, today: date | None = None) -> str:
    """A template of the policy file with its facts put in; ``more`` adds facts of the moment.

    ``today`` decides how support of an older release line is told (None: as if every stated day were still to
    come).
    """
    facts = {
        "response_hours": str(policy.response_hours),
        "answer_day": _answer_day(policy.response_days),
        "days": weekdays(policy.hours),
        "opens": clock(policy.hours.opens),
        "closes": clock(policy.hours.closes),
        "help_email": policy.channels.help_email,
        "enterprise_email": policy.channels.enterprise_email,
        "widget": policy.channels.widget,
        "plans": listing([plan.name for plan in policy.plans]),
        "integrations": listing([_with_products(policy, n) for n in range(len(policy.integrations))]),
        "current_line": next(str(line.line) for line in policy.versions if line.current),
        "supported_lines": _supported_lines(policy.versions, today),
        "unsupported_lines": _unsupported_lines(policy.versions),
        "version": policy.version,
        "effective": day(policy.effective),
        "knowledge_base": _resource(policy, "help"),
        "video_tutorials": _resource(policy, "videos"),
        "community_forum": _resource(policy, "community"),
    }
    return template.format_map({**facts, **(more or {})})


def weekdays(hours: Hours) -> str:
    """Such as "Monday to Friday" or "Monday, Tuesday and Saturday"."""
    numbers = sorted(hours.weekdays)
    names = [WEEKDAYS[number].capitalize() for number in numbers]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return listing(names)


def clock(moment: time) -> str:
    """Such as "9 AM" or "5:30 PM"."""
    hour = f"{moment.hour % 12 or 12}{f':{moment.minute:02}' if moment.minute else ''}"
    return f"{hour} {'AM' if moment.hour < 12 else 'PM'}"


def day(value: date) -> str:
    """Such as "31 December 2026"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Such as "Monday 4 January, 9 AM"."""
    weekday, month = WEEKDAYS[value.weekday()].capitalize(), _MONTHS[value.month - 1]
    return f"{weekday} {value.day} {month}, {clock(value.time())}"


def listing(words: Sequence[str]) -> str:
    """Such as "a, b and c"."""
    return " and ".join((", ".join(words[:-1]), words[-1]) if len(words) > 1 else words)


def _answer_day(days: int) -> str:
    """The day of the answer as the clock counts it from the day on which the request's time began."""
    return "on the next business day" if days == 1 else f"{days} business days later"


def _with_products(policy: PolicyDocument, number: int) -> str:
    integration = policy.integrations[number]
    products = [product.application.name for product in integration.products]
    return f"{integration.name} ({', '.join(products)})" if products else integration.name


def _resource(policy: PolicyDocument, code: str) -> str:
    return next(resource.name for resource in policy.self_help if resource.code == code)


def _supported_lines(lines: Sequence[VersionLine], today: date | None) -> str:
    told = []
    for line in lines:
        if line.until is not None:
            ended = today is not None and not line.supported_on(today)
            told.append(f"Line {line.line} {'was' if ended else 'is'} supported until {day(line.until)}.")
    return " ".join(told)


def _unsupported_lines(lines: Sequence[VersionLine]) -> str:
    numbers = sorted(line.line for line in lines if not line.current and line.until is None)
    if not numbers:
        return ""
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"Lines {numbers[0]} to {numbers[-1]} are unsupported."
    if len(numbers) == 1:
        return f"Line {numbers[0]} is unsupported."
    return f"Lines {listing([str(number) for number in numbers])} are unsupported."
