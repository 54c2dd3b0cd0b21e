"""The promise, case by case."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
import yaml

from policy.clock import ClockError, Promise, on_duty, promise
from policy.document import POLICY_FILE, PolicyDocument, load_policy


def promised(
    policy: PolicyDocument,
    at: str,
    tz: str | None = "UTC",
    region: str | None = "GB-ENG",
    plan: str | None = None,
) -> Promise:
    """The promise for a request at ``at``."""
    return promise(datetime.fromisoformat(at), tz=tz, region=region, plan=plan, policy=policy)


@pytest.mark.parametrize(
    ("at", "starts", "reply_by"),
    [
        ("2026-11-24T14:00", "2026-11-24T14:00", "2026-11-25T14:00"),  # Tuesday
        ("2026-11-27T16:59", "2026-11-27T16:59", "2026-11-30T16:59"),  # Friday, a minute before the end
        ("2026-11-27T16:59:59.999999", "2026-11-27T16:59:59.999999", "2026-11-30T16:59:59.999999"),
        ("2026-11-27T17:00", "2026-11-30T09:00", "2026-12-01T09:00"),  # 17:00 is off duty
        ("2026-11-28T11:00", "2026-11-30T09:00", "2026-12-01T09:00"),  # Saturday
        ("2026-11-30T09:00", "2026-11-30T09:00", "2026-12-01T09:00"),  # 09:00 is on duty
        ("2026-11-30T08:59:59", "2026-11-30T09:00", "2026-12-01T09:00"),
        ("2026-11-30T00:00", "2026-11-30T09:00", "2026-12-01T09:00"),
    ],
)
def test_the_rule_of_the_promise(policy: PolicyDocument, at: str, starts: str, reply_by: str) -> None:
    """The clock starts on arrival or at opening; the reply comes at the same time a business day later."""
    found = promised(policy, at)
    assert found.certainty == "exact"
    assert found.clock_starts == datetime.fromisoformat(starts + "+00:00")
    assert found.reply_by == datetime.fromisoformat(reply_by + "+00:00")
    assert found.on_duty is (found.clock_starts == found.at)
    assert found.skipped == ()


@pytest.mark.parametrize(
    ("at", "region", "reply_by", "skipped"),
    [
        ("2026-12-24T16:30", "GB-SCT", "2026-12-29T16:30", ["2026-12-25", "2026-12-28"]),
        ("2026-12-31T16:30", "GB-SCT", "2027-01-05T16:30", ["2027-01-01", "2027-01-04"]),
        ("2026-12-31T16:30", "gb-eng", "2027-01-04T16:30", ["2027-01-01"]),
        ("2026-04-02T17:30", "GB-ENG", "2026-04-08T09:00", ["2026-04-03", "2026-04-06"]),
        (
            "2026-12-25T20:00",
            "GB-ENG",
            "2026-12-30T09:00",
            ["2026-12-25", "2026-12-28"],
        ),  # the day of arrival
        (
            "2026-12-26T12:00",
            "GB-ENG",
            "2026-12-30T09:00",
            ["2026-12-28"],
        ),  # a holiday on Saturday is not one
        ("2026-07-02T10:00", "US", "2026-07-06T10:00", ["2026-07-03"]),  # observed on the Friday before
        ("2026-12-31T10:00", "JP-13", "2027-01-04T10:00", ["2027-01-01"]),
    ],
)
def test_holidays_on_the_way_are_skipped_and_named(
    policy: PolicyDocument, at: str, region: str, reply_by: str, skipped: list[str]
) -> None:
    """Weekday holidays between arrival and reply are no business days and are listed with their names."""
    found = promised(policy, at, "Europe/London" if "GB" in region.upper() else "Etc/UTC", region)
    assert found.reply_by is not None
    assert found.reply_by.replace(tzinfo=None) == datetime.fromisoformat(reply_by)
    assert [skip.date.isoformat() for skip in found.skipped] == skipped
    assert all(skip.reason for skip in found.skipped)


def test_a_time_with_an_offset_is_converted_and_one_without_is_wall_time(policy: PolicyDocument) -> None:
    """Both give the customer's own clock and offset."""
    converted = promised(policy, "2026-11-24T23:30+00:00", "Asia/Tokyo", "JP")
    assert converted.at.isoformat() == "2026-11-25T08:30:00+09:00"
    assert converted.reply_by and converted.reply_by.isoformat() == "2026-11-26T09:00:00+09:00"
    assert promised(policy, "2026-11-25T08:30", "Asia/Tokyo", "JP") == converted


@pytest.mark.parametrize(
    ("at", "tz", "region", "reply_by"),
    [
        ("2026-03-27T14:00+00:00", "Europe/London", "GB-ENG", "2026-03-30T14:00:00+01:00"),
        ("2026-10-23T14:00+01:00", "Europe/London", "GB-ENG", "2026-10-26T14:00:00+00:00"),
        ("2026-03-06T10:15", "America/New_York", "US-NY", "2026-03-09T10:15:00-04:00"),
        ("2026-04-02T16:00", "Australia/Lord_Howe", "AU-NSW", "2026-04-07T16:00:00+10:30"),
    ],
)
def test_a_change_of_clocks_keeps_the_wall_clock_time(
    policy: PolicyDocument, at: str, tz: str, region: str, reply_by: str
) -> None:
    """Daylight-saving changes move the offset, not the time on the wall."""
    found = promised(policy, at, tz, region)
    assert found.reply_by and found.reply_by.isoformat() == reply_by


def test_a_time_in_the_gap_of_the_spring_change_moves_on_with_the_clocks(policy: PolicyDocument) -> None:
    """01:30 on the night when 01:00 becomes 02:00 is 02:30; the time that occurs twice is the first."""
    assert promised(policy, "2026-03-29T01:30", "Europe/London").at.isoformat() == "2026-03-29T02:30:00+01:00"
    assert promised(policy, "2026-10-25T01:30", "Europe/London").at.isoformat() == "2026-10-25T01:30:00+01:00"


def test_a_day_that_a_time_zone_skips_is_no_business_day(policy: PolicyDocument) -> None:
    """Samoa had no Friday 30 December 2011."""
    found = promised(policy, "2011-12-29T14:00", "Pacific/Apia", "WS")
    assert found.reply_by and found.reply_by.isoformat() == "2012-01-03T14:00:00+14:00"
    assert [skip.date.isoformat() for skip in found.skipped] == ["2012-01-02"]


@pytest.mark.parametrize(
    ("tz", "region", "certainty", "asks"),
    [
        (None, "DE", "timezone_unknown", "time zone"),
        ("", "DE", "timezone_unknown", "time zone"),
        ("Mars/Base", "DE", "timezone_unknown", "time zone"),
        ("../../etc/passwd", "DE", "timezone_unknown", "time zone"),
        ("Europe", "DE", "timezone_unknown", "time zone"),
        ("localtime", "DE", "timezone_unknown", "time zone"),
        ("Europe/Berlin", None, "region_unknown", "country or region"),
        ("Europe/Berlin", "", "region_unknown", "country or region"),
        ("Europe/Berlin", "XX", "region_unknown", "country or region"),
        (None, None, "timezone_unknown", "time zone, and your country or region"),
    ],
)
@pytest.mark.parametrize("at", ["2026-11-24T14:00", "2026-11-24T14:00+01:00"])
def test_without_time_zone_or_region_no_instant_is_promised(
    policy: PolicyDocument, at: str, tz: str | None, region: str | None, certainty: str, asks: str
) -> None:
    """The rule is quoted instead, and it says what would be needed."""
    found = promised(policy, at, tz, region)
    assert (found.certainty, found.clock_starts, found.reply_by, found.skipped) == (certainty, None, None, ())
    assert found.on_duty is None
    assert "within 24 hours during business days" in found.rule and asks in found.rule


def test_nights_and_weekends_are_off_duty_whatever_the_region(policy: PolicyDocument) -> None:
    """With a time zone alone the team is known to be away on a Saturday and at night, and nothing else."""
    assert promised(policy, "2026-11-28T11:00", "Europe/Berlin", None).on_duty is False
    assert promised(policy, "2026-11-24T17:00", "Europe/Berlin", "XX").on_duty is False


@pytest.mark.parametrize(
    ("at", "region", "duty"),
    [
        ("2026-12-31T10:00", "LK", True),  # the reply falls into the unknown year
        ("2027-01-05T10:00", "LK", None),
        ("2027-01-05T20:00", "LK", False),
        ("2100-12-31T10:00", "DE", True),
        ("2101-01-03T10:00", "DE", None),
        ("9998-01-06T10:00", "DE", None),
        ("1850-01-03T10:00", "DE", None),
    ],
)
def test_where_the_holidays_of_a_year_are_unknown_no_instant_is_promised(
    policy: PolicyDocument, at: str, region: str, duty: bool | None
) -> None:
    """The certainty is calendar_unknown as soon as one day needed lies beyond the data."""
    found = promised(policy, at, "UTC", region)
    assert (found.certainty, found.clock_starts, found.reply_by, found.skipped) == (
        "calendar_unknown",
        None,
        None,
        (),
    )
    assert found.on_duty is duty
    assert "not known" in found.rule


@pytest.mark.parametrize("at", ["9999-12-31T23:00+00:00", "0001-01-01T00:00"])
def test_the_ends_of_the_calendar_are_refused_with_advice(policy: PolicyDocument, at: str) -> None:
    """What cannot be converted is an error that says what to write."""
    with pytest.raises(ClockError, match="write a year"):
        promised(policy, at, "Asia/Tokyo", "JP")


def test_the_json_is_the_contracts(policy: PolicyDocument) -> None:
    """Keys in order, instants with the customer's offset, dates as dates, the region in capitals."""
    found = promised(policy, "2026-12-24T16:30", "Europe/London", "gb-sct", "Enterprise").as_json()
    assert list(found) == [
        "at", "timezone", "region", "plan", "on_duty", "clock_starts", "reply_by", "skipped", "certainty",
        "rule", "policy_version",
    ]  # fmt: skip
    assert found | {"rule": ""} == {
        "at": "2026-12-24T16:30:00+00:00",
        "timezone": "Europe/London",
        "region": "GB-SCT",
        "plan": "enterprise",
        "on_duty": True,
        "clock_starts": "2026-12-24T16:30:00+00:00",
        "reply_by": "2026-12-29T16:30:00+00:00",
        "skipped": [
            {"date": "2026-12-25", "reason": "Christmas Day"},
            {"date": "2026-12-28", "reason": "Boxing Day (observed)"},
        ],
        "certainty": "exact",
        "rule": "",
        "policy_version": "1.0",
    }
    unknown = promised(policy, "2026-12-24T16:30", "Nowhere", "XX", "gold").as_json()
    assert [unknown[key] for key in ("timezone", "region", "plan", "reply_by")] == [None, None, None, None]


def test_the_rule_says_what_holds_for_enterprise_and_for_a_country_alone(policy: PolicyDocument) -> None:
    """Enterprise goes first; a country alone may miss a regional holiday."""
    plain = promised(policy, "2026-11-24T14:00", "Europe/Berlin", "DE-BY").rule
    assert "Enterprise" not in plain and "regional" not in plain
    enterprise = promised(policy, "2026-11-24T14:00", "Europe/Berlin", "DE-BY", "enterprise")
    assert "Enterprise requests go first; this standard window is the latest." in enterprise.rule
    assert "a regional holiday may add a business day" in promised(policy, "2026-11-24T14:00", "UTC", "DE").rule
    assert enterprise.reply_by == promised(policy, "2026-11-24T14:00", "Europe/Berlin", "DE-BY").reply_by


def test_an_estimated_holiday_nearby_is_said_to_be_one(policy: PolicyDocument) -> None:
    """Where a holiday on the way, or right after, has an estimated date, the rule says that it may move."""
    found = promised(policy, "2027-03-09T10:00", "Asia/Karachi", "PK")
    assert any("estimated" in skip.reason for skip in found.skipped)
    assert "may move by a day" in found.rule
    assert "may move" not in promised(policy, "2027-11-23T10:00", "Asia/Karachi", "PK").rule


def test_how_things_stand_now(policy: PolicyDocument) -> None:
    """On duty until closing; off duty until the next opening, for the holiday if it is one."""

    def state(at: str, region: str | None = "GB-SCT") -> Any:
        return on_duty(datetime.fromisoformat(at), "Europe/London", region, policy)

    working = state("2026-11-24T16:59+00:00")
    assert working.on_duty and working.closes.time() == time(17) and working.opens_next is None
    evening = state("2026-11-24T17:00+00:00")
    assert evening.on_duty is False and evening.opens_next.isoformat() == "2026-11-25T09:00:00+00:00"
    assert evening.holiday is None
    christmas = state("2026-12-25T10:00+00:00")
    assert christmas.holiday == "Christmas Day"
    assert christmas.opens_next.isoformat() == "2026-12-29T09:00:00+00:00"
    assert state("2026-12-26T10:00+00:00").holiday is None
    assert state("2026-11-24T10:00+00:00", None) == on_duty(
        datetime.fromisoformat("2026-11-24T10:00+00:00"), "Europe/London", "XX", policy
    )
    assert state("2026-11-24T10:00+00:00", None).certainty == "region_unknown"
    assert state("2105-11-24T10:00+00:00").certainty == "calendar_unknown"
    assert on_duty(datetime.fromisoformat("2026-11-24T10:00"), None, "DE", policy).certainty == "timezone_unknown"


def test_hours_days_and_window_come_from_the_policy_file(tmp_path: Any) -> None:
    """An operator who changes hours, weekdays or the response time changes the promise, and no code."""
    document = yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8"))
    document["hours"] = {"weekdays": ["tuesday", "thursday"], "opens": "10:30", "closes": "12:00"}
    document["response_hours"] = 48
    file = tmp_path / "policy.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    found = promised(load_policy(file), "2026-11-25T11:00", "UTC", "FR")
    assert found.clock_starts and found.clock_starts.isoformat() == "2026-11-26T10:30:00+00:00"
    assert found.reply_by and found.reply_by.isoformat() == "2026-12-03T10:30:00+00:00"
    assert "within 48 hours" in found.rule and "Tuesday and Thursday, 10:30 AM to 12 PM" in found.rule
