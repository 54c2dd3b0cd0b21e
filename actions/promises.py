"""Says a promise of the clock in a customer's words. The clock alone computes; this module only spells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from policy.document import PolicyDocument
from policy.facts import fill


def describe(promise: Mapping[str, Any], policy: PolicyDocument, now: datetime) -> str:
    """A few sentences for the promise as stored on a ticket (:meth:`policy.clock.Promise.as_json`), as it reads at ``now``."""
    if promise["certainty"] != "exact" or not promise["reply_by"]:
        return str(promise["rule"])
    until = datetime.fromisoformat(promise["reply_by"])
    instant = f"**{day(until.date())}, {until:%H:%M}** ({promise['timezone']} time)"
    if until < now:
        # Nothing is promised for a time that is over; whether somebody answered in time the ticket does not tell.
        return f"An answer was promised by {instant}, which has passed."
    text = f"Our team will answer by {instant}."
    names = [f"{item['reason']} ({day(date.fromisoformat(item['date']))})" for item in promise["skipped"]]
    if names:
        text += f" Public holidays on the way are skipped: {', '.join(names)}."
    # What the clock adds to the plain rule (Enterprise goes first, a regional holiday may add a day) is part of the promise.
    more = str(promise["rule"]).removeprefix(fill(policy.promise["rule"], policy)).strip()
    return f"{text} {more}".strip()


def day(value: date) -> str:
    """A date as a person says it: "Tuesday 5 May 2026"."""
    return f"{value:%A} {value.day} {value:%B %Y}"
