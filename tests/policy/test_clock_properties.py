"""What must hold for every promise, whatever the time, the time zone and the region."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy.clock import Promise, promise
from policy.document import PolicyDocument, load_policy

PLACES = st.sampled_from(
    [
        ("Europe/London", "GB-SCT", "GB", "SCT"),
        ("Europe/Berlin", "DE-BY", "DE", "BY"),
        ("Europe/Berlin", "de", "DE", None),
        ("America/Los_Angeles", "US-CA", "US", "CA"),
        ("America/St_Johns", "CA-NL", "CA", "NL"),
        ("America/Sao_Paulo", "BR-SP", "BR", "SP"),
        ("Asia/Tokyo", "JP-13", "JP", None),
        ("Asia/Riyadh", "SA", "SA", None),
        ("Asia/Kathmandu", "NP", "NP", None),
        ("Australia/Lord_Howe", "AU-NSW", "AU", "NSW"),
        ("Pacific/Chatham", "NZ", "NZ", None),
        ("Africa/Casablanca", "MA", "MA", None),
        ("Pacific/Apia", "WS", "WS", None),
        ("Antarctica/Troll", "NO", "NO", None),
    ]
)
MOMENTS = st.datetimes(datetime(2012, 1, 5), datetime(2034, 12, 1))
POLICY: PolicyDocument = load_policy()
QUICK = settings(max_examples=120, deadline=None)
Place = tuple[str, str, str, str | None]


def promised(at: datetime, place: Place) -> Promise:
    """The promise for wall time ``at`` in that place."""
    return promise(at, tz=place[0], region=place[1], plan=None, policy=POLICY)


def instants(found: Promise) -> tuple[datetime, datetime]:
    """Start and reply-by of an exact promise."""
    assert found.certainty == "exact" and found.clock_starts and found.reply_by
    return found.clock_starts, found.reply_by


def business_day(day: date, place: Place) -> bool:
    """Reckoned afresh, straight from the holiday data."""
    calendar = holidays.country_holidays(place[2], subdiv=place[3], years=day.year)
    return day.weekday() < 5 and day not in calendar


def days_between(first: date, last: date) -> list[date]:
    """The days after ``first`` up to ``last``."""
    return [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]


@QUICK
@given(MOMENTS, PLACES)
def test_start_and_reply_are_on_duty_and_in_order(at: datetime, place: Place) -> None:
    """Both instants lie in [9, 17) on business days; the clock never starts before arrival."""
    found = promised(at, place)
    starts, reply_by = instants(found)
    assert found.at <= starts < reply_by
    for moment in (starts, reply_by):
        assert time(9) <= moment.time() < time(17)
        assert business_day(moment.date(), place)


@QUICK
@given(MOMENTS, PLACES)
def test_the_reply_comes_exactly_one_business_day_after_the_start_at_the_same_wall_clock(at: datetime, place: Place) -> None:
    """Between the day of the start and the day of the reply there is no other business day."""
    starts, reply_by = instants(promised(at, place))
    assert reply_by.time() == starts.time()
    assert reply_by.utcoffset() == reply_by.astimezone(ZoneInfo(place[0])).utcoffset()
    days = days_between(starts.date(), reply_by.date())
    assert [day for day in days if business_day(day, place)] == [reply_by.date()]


@QUICK
@given(MOMENTS, PLACES)
def test_the_clock_starts_at_the_first_chance(at: datetime, place: Place) -> None:
    """No opening hour of a business day passes between arrival and the start."""
    found = promised(at, place)
    starts, _ = instants(found)
    if found.on_duty:
        assert starts == found.at
        return
    assert starts.time() == time(9)
    arrival = found.at.date()
    first = arrival - timedelta(days=1) if found.at.time() < time(9) else arrival
    assert [day for day in days_between(first, starts.date()) if business_day(day, place)] == [starts.date()]


@QUICK
@given(MOMENTS, PLACES)
def test_skipped_lists_every_weekday_holiday_on_the_way_and_no_other_day(at: datetime, place: Place) -> None:
    """From the day of arrival to the day of the reply."""
    found = promised(at, place)
    _, reply_by = instants(found)
    first = found.at.date() - timedelta(days=1)
    expected = [day for day in days_between(first, reply_by.date()) if day.weekday() < 5 and not business_day(day, place)]
    assert [skip.date for skip in found.skipped] == expected
    assert all(skip.reason for skip in found.skipped)


@QUICK
@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=6)), PLACES)
def test_who_asks_later_is_not_answered_earlier(at: datetime, wait: timedelta, place: Place) -> None:
    """Start and reply-by never move back as the time of asking moves on."""
    early = at.replace(tzinfo=ZoneInfo("UTC"))
    first, second = promised(early, place), promised(early + wait, place)
    assert instants(first)[0] <= instants(second)[0]
    assert instants(first)[1] <= instants(second)[1]


@QUICK
@given(MOMENTS, PLACES)
def test_the_same_instant_in_any_offset_gives_the_same_promise(at: datetime, place: Place) -> None:
    """Only the instant counts, not the offset in which it was written."""
    in_utc = at.replace(tzinfo=ZoneInfo("UTC"))
    elsewhere = in_utc.astimezone(ZoneInfo("Asia/Kolkata"))
    assert promised(in_utc, place) == promised(elsewhere, place)
    local = in_utc.astimezone(ZoneInfo(place[0]))
    assume(local.fold == 0)
    assert promised(local.replace(tzinfo=None), place) == promised(in_utc, place)
