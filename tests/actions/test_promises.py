from __future__ import annotations

from datetime import date, timedelta

from actions.promises import day, describe
from policy.clock import promise
from policy.document import PolicyDocument
from tests.actions.talk import AT


def test_an_exact_promise_is_spelled_out(policy: PolicyDocument) -> None:
    """An exact promise reads as day, date, wall-clock time and time zone of the customer."""
    stored = promise(AT, tz="Europe/London", region="GB-SCT", plan=None, policy=policy).as_json()
    text = describe(stored, policy, AT)
    assert text.startswith("Our team will answer by **Tuesday 5 May 2026, 16:30** (Europe/London time).")


def test_a_time_that_is_over_is_no_longer_promised(policy: PolicyDocument) -> None:
    """To the last instant the promise stands; afterwards the reply says that the time has passed, and "will" no more."""
    made = promise(AT, tz="Europe/London", region="GB-SCT", plan="enterprise", policy=policy)
    assert made.reply_by is not None
    assert describe(made.as_json(), policy, made.reply_by).startswith("Our team will answer by")
    late = describe(made.as_json(), policy, made.reply_by + timedelta(seconds=1))
    assert late == "An answer was promised by **Tuesday 5 May 2026, 16:30** (Europe/London time), which has passed."


def test_every_skipped_holiday_is_named(policy: PolicyDocument) -> None:
    """All public holidays between arrival and answer are named with their dates."""
    christmas = AT.replace(month=12, day=24)
    stored = promise(christmas, tz="Europe/London", region="GB-SCT", plan=None, policy=policy).as_json()
    skipped = stored["skipped"]
    assert isinstance(skipped, list) and len(skipped) >= 2
    assert all(item["reason"] in describe(stored, policy, AT) for item in skipped)


def test_no_holiday_no_word_of_it(policy: PolicyDocument) -> None:
    """Where no holiday is on the way, none is mentioned."""
    stored = promise(AT.replace(day=6), tz="Europe/London", region="GB-SCT", plan=None, policy=policy).as_json()
    assert "holiday" not in describe(stored, policy, AT)


def test_without_certainty_the_rule(policy: PolicyDocument) -> None:
    """Without certainty the words are the policy's rule and hold no date."""
    stored = promise(AT, tz=None, region=None, plan=None, policy=policy).as_json()
    assert describe(stored, policy, AT) == stored["rule"]
    assert "2026" not in describe(stored, policy, AT)


def test_what_is_added_to_the_rule_is_said(policy: PolicyDocument) -> None:
    """What the clock adds for a plan or for regional holidays is said beside the instant; the plain rule is not repeated."""
    enterprise = promise(AT, tz="Europe/London", region="GB-SCT", plan="enterprise", policy=policy).as_json()
    text = describe(enterprise, policy, AT)
    assert "16:30" in text and policy.promise["priority"] in text
    plain = promise(AT, tz="Europe/London", region="GB-SCT", plan=None, policy=policy).as_json()
    assert str(plain["rule"]) not in describe(plain, policy, AT)
    whole_country = promise(AT, tz="Europe/Berlin", region="DE", plan=None, policy=policy).as_json()
    assert policy.promise["regional"] in describe(whole_country, policy, AT)


def test_a_date_has_no_leading_zero() -> None:
    """A date is said as people say it."""
    assert day(date(2026, 5, 5)) == "Tuesday 5 May 2026"
