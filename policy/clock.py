"""The promise: when will someone answer? The only place that states instants.

The rule (PRODUCT.md): on duty is [opens, closes) on a business day; the clock starts on arrival if the team
is on duty, else at opening of the next business day; reply-by is the same wall-clock time so many business
days later as the policy's hours make.

Wall clocks around a change of clocks: a time that occurs twice is taken as the start's occurrence (the first,
for a time given without an offset); a time that does not occur is moved on by the length of the gap, as
clocks on the wall are, and where that leaves duty hours (a time zone may skip a whole day) the day is no
business day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from policy.document import PolicyDocument
from policy.facts import fill
from policy.regions import ESTIMATED, CalendarUnknown, Region, RegionUnknown, find_region

EXACT, REGION_UNKNOWN, TIMEZONE_UNKNOWN, CALENDAR_UNKNOWN = (
    "exact",
    "region_unknown",
    "timezone_unknown",
    "calendar_unknown",
)
# Names that a host's zone folder may hold though they name no place.
_NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})
_DAY = timedelta(days=1)


class ClockError(ValueError):
    """The time of a request cannot be reckoned with; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A public holiday, on a weekday of duty, between arrival and reply-by."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True)
class Promise:
    """When a request will be answered at the latest. Instants carry the customer's offset.

    ``clock_starts`` and ``reply_by`` are None unless ``certainty`` is "exact"; ``on_duty`` is None where it
    cannot be known; ``at`` is naive only where the time zone is unknown and the request's time came without
    an offset.
    """

    at: datetime
    timezone: str | None
    region: str | None
    plan: str | None
    on_duty: bool | None
    clock_starts: datetime | None
    reply_by: datetime | None
    skipped: tuple[Skipped, ...]
    certainty: str
    rule: str
    policy_version: str

    def as_json(self) -> dict[str, object]:
        """The contract's JSON object: instants and dates in ISO 8601."""
        return {
            "at": self.at.isoformat(),
            "timezone": self.timezone,
            "region": self.region,
            "plan": self.plan,
            "on_duty": self.on_duty,
            "clock_starts": self.clock_starts.isoformat() if self.clock_starts else None,
            "reply_by": self.reply_by.isoformat() if self.reply_by else None,
            "skipped": [{"date": skip.date.isoformat(), "reason": skip.reason} for skip in self.skipped],
            "certainty": self.certainty,
            "rule": self.rule,
            "policy_version": self.policy_version,
        }


@dataclass(frozen=True, slots=True)
class DutyState:
    """How things stand at one moment: on duty until ``closes``, or off duty (for ``holiday``, if it is one)
    until ``opens_next``.
    """

    certainty: str
    on_duty: bool | None
    opens_next: datetime | None = None
    closes: datetime | None = None
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """The team's business days and hours in one time zone and region."""

    zone: ZoneInfo
    region: Region
    policy: PolicyDocument
    read: set[date] = field(default_factory=set)

    def holiday(self, day: date) -> str | None:
        self.read.add(day)
        return self.region.holiday(day)

    def on_business_day(self, day: date, wall: time, fold: int = 0) -> datetime | None:
        """The instant of the wall-clock time ``wall`` on ``day``; None if the day is no business day."""
        if day.weekday() not in self.policy.hours.weekdays or self.holiday(day):
            return None
        instant = settle(datetime.combine(day, wall, self.zone).replace(fold=fold))
        return instant if instant.date() == day and within_hours(instant, self.policy) else None

    def next_instant(self, after: date, wall: time, fold: int = 0) -> datetime:
        """The wall-clock time on the first business day later than ``after``."""
        day = after
        while True:
            day = _next_day(day)
            if instant := self.on_business_day(day, wall, fold):
                return instant

    def on_duty(self, at: datetime) -> bool:
        """Whether the team is on duty at ``at`` (in this zone)."""
        return within_hours(at, self.policy) and self.on_business_day(at.date(), at.time(), at.fold) is not None

    def start(self, at: datetime) -> datetime:
        """When the clock starts for a request that arrives at ``at`` (in this zone)."""
        if self.on_duty(at):
            return at
        opens = self.policy.hours.opens
        today = self.on_business_day(at.date(), opens) if at.time() < opens else None
        return today or self.next_instant(at.date(), opens)

    def skipped(self, first: date, last: date) -> Iterator[Skipped]:
        """The holidays on weekdays of duty from ``first`` to ``last``, both included."""
        day = first
        while day <= last:
            if day.weekday() in self.policy.hours.weekdays and (reason := self.holiday(day)):
                yield Skipped(day, reason)
            day = _next_day(day)


def promise(at: datetime, *, tz: str | None, region: str | None, plan: str | None, policy: PolicyDocument) -> Promise:
    """The promise for a request that arrives at ``at`` (aware, or naive for wall time in ``tz``).

    Where both time zone and region are unknown, the certainty is "timezone_unknown": without it not even the
    day is certain. A plan that the policy does not know is left out. Raises :class:`ClockError` if ``at``
    lies at the very ends of the calendar.
    """
    zone, place, known_plan = find_zone(tz), _region_or_none(region), policy.plan(plan)
    when = _in_zone(at, zone)
    certainty = _certainty(zone, place)
    starts = reply_by = duty = None
    skipped: tuple[Skipped, ...] = ()
    extras = []
    if zone and place:
        desk = _Desk(zone, place, policy)
        try:
            duty = desk.on_duty(when)
            reply_by = starts = desk.start(when)
            for _ in range(policy.response_days):
                reply_by = desk.next_instant(reply_by.date(), starts.time(), starts.fold)
            skipped = tuple(desk.skipped(when.date(), reply_by.date()))
            extras = _cautions(desk, place, reply_by)
        except CalendarUnknown:
            certainty, starts, reply_by, skipped = CALENDAR_UNKNOWN, None, None, ()
    if certainty != EXACT:
        duty = _duty_without_calendar(when, zone, policy) if duty is None else duty
        extras = ["both_unknown" if not (zone or place) else certainty]
    if known_plan and known_plan.priority:
        extras.insert(0, "priority")
    return Promise(
        at=when,
        timezone=zone.key if zone else None,
        region=place.code if place else None,
        plan=known_plan.code if known_plan else None,
        on_duty=duty,
        clock_starts=starts,
        reply_by=reply_by,
        skipped=skipped,
        certainty=certainty,
        rule=" ".join(fill(policy.promise[key], policy) for key in ("rule", *extras)),
        policy_version=policy.version,
    )


def on_duty(at: datetime, tz: str | None, region: str | None, policy: PolicyDocument) -> DutyState:
    """Whether the team is on duty at ``at``, until when, or when it is back."""
    zone, place = find_zone(tz), _region_or_none(region)
    when = _in_zone(at, zone)
    if not (zone and place):
        return DutyState(_certainty(zone, place), _duty_without_calendar(when, zone, policy))
    desk = _Desk(zone, place, policy)
    try:
        if desk.on_duty(when):
            return DutyState(EXACT, True, closes=settle(datetime.combine(when.date(), policy.hours.closes, zone)))
        today = desk.holiday(when.date()) if when.date().weekday() in policy.hours.weekdays else None
        return DutyState(EXACT, False, opens_next=desk.start(when), holiday=today)
    except CalendarUnknown:
        return DutyState(CALENDAR_UNKNOWN, _duty_without_calendar(when, zone, policy))


def find_zone(name: str | None) -> ZoneInfo | None:
    """The time zone of an IANA name, written exactly so; None if there is none."""
    return ZoneInfo(name) if name in _zone_names() else None


def settle(moment: datetime) -> datetime:
    """An aware time as clocks show it: one that falls in a gap is moved on by the gap. Raises
    :class:`ClockError`.
    """
    try:
        return moment.astimezone(timezone.utc).astimezone(moment.tzinfo)
    except OverflowError:
        raise ClockError(f"{moment.isoformat()} is at the end of the calendar; write a year from 2 to 9998") from None


def within_hours(moment: datetime, policy: PolicyDocument) -> bool:
    """Whether the wall clock shows opening hours; the day is not looked at."""
    return policy.hours.opens <= moment.time() < policy.hours.closes


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_PLACES


def _region_or_none(code: str | None) -> Region | None:
    try:
        return find_region(code) if code else None
    except RegionUnknown:
        return None


def _certainty(zone: ZoneInfo | None, place: Region | None) -> str:
    if zone is None:
        return TIMEZONE_UNKNOWN
    return EXACT if place else REGION_UNKNOWN


def _in_zone(at: datetime, zone: ZoneInfo | None) -> datetime:
    if zone is None:
        return at
    if at.tzinfo is None:
        return settle(at.replace(tzinfo=zone))
    try:
        return at.astimezone(zone)
    except OverflowError:
        raise ClockError(f"{at.isoformat()} is at the end of the calendar; write a year from 2 to 9998") from None


def _duty_without_calendar(when: datetime, zone: ZoneInfo | None, policy: PolicyDocument) -> bool | None:
    """Nights and weekends are off duty whatever the holidays; the rest cannot be known."""
    if zone and (when.weekday() not in policy.hours.weekdays or not within_hours(when, policy)):
        return False
    return None


def _cautions(desk: _Desk, place: Region, reply_by: datetime) -> list[str]:
    """What the customer should know about the holidays that were counted, or nearly: a day past reply-by is
    looked at too.
    """
    days = {*desk.read, _next_day(reply_by.date())}
    extras = ["regional"] if any(place.partial(year) for year in {day.year for day in desk.read}) else []
    if any(ESTIMATED in (_holiday_or_none(place, day) or "") for day in days):
        extras.append("estimated")
    return extras


def _holiday_or_none(place: Region, day: date) -> str | None:
    try:
        return place.holiday(day)
    except CalendarUnknown:
        return None


def _next_day(day: date) -> date:
    try:
        return day + _DAY
    except OverflowError:
        raise ClockError(f"{day.isoformat()} is at the end of the calendar; write a year from 2 to 9998") from None
