"""Which public holidays a region keeps.

A region is an ISO 3166-1 alpha-2 country (``DE``) or an ISO 3166-2 subdivision (``DE-BY``), in any case of
letters. The days come from the `holidays` package, category "public" alone: no bank, school, optional or half
days. Substitute ("observed") days count, as the team is off on them. Names are English where the package has
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
import pycountry
from holidays import PUBLIC, HolidayBase

ESTIMATED = "estimated"

# Subdivisions that ISO also lists as countries, or that the package writes differently from ISO.
_CALENDARS = {
    "BQ-BO": ("BQ", "BON"), "BQ-SA": ("BQ", "SAB"), "BQ-SE": ("BQ", "STA"),
    "NL-BQ1": ("BQ", "BON"), "NL-BQ2": ("BQ", "SAB"), "NL-BQ3": ("BQ", "STA"),
    "NL-AW": ("AW", None), "NL-CW": ("CW", None), "NL-SX": ("SX", None),
    "CN-HK": ("HK", None), "CN-MO": ("MO", None), "CN-TW": ("TW", None),
}  # fmt: skip
# Norway's counties since 2024, which the list of codes does not have yet.
_NEW_CODES = frozenset({"NO-31", "NO-32", "NO-33", "NO-39", "NO-40", "NO-55", "NO-56"})
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class RegionUnknown(ValueError):
    """ISO 3166 does not know the code."""


class CalendarUnknown(ValueError):
    """The holiday data does not reach the year that is needed."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region that ISO knows, as ISO writes it, and whose calendar it keeps in the `holidays` package."""

    code: str
    country: str
    subdivision: str | None

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday on ``day``, or None. Raises :class:`CalendarUnknown`."""
        return _holidays_of_year(self.country, self.subdivision, day.year).get(day)

    def partial(self, year: int) -> bool:
        """Whether this is the nation-wide calendar of a country whose parts keep other days."""
        return self.subdivision is None and _differs_inside(self.country, year)


def find_region(code: str) -> Region:
    """The region of an ISO 3166 code. Raises :class:`RegionUnknown`."""
    text = code.strip()
    # Beyond ASCII, upper() may turn what is no code into one ("ß" into "SS", South Sudan).
    canonical = text.upper() if text.isascii() else ""
    if not _REGION.fullmatch(canonical) or not _known(canonical):
        raise RegionUnknown(f"{code!r} is no ISO 3166 code; write one such as DE or DE-BY")
    country, _, part = canonical.partition("-")
    if canonical in _CALENDARS:
        return Region(canonical, *_CALENDARS[canonical])
    return Region(canonical, country, part if part in _calendar(country).subdivisions else None)


def _known(code: str) -> bool:
    if "-" not in code:
        return pycountry.countries.get(alpha_2=code) is not None
    return code in _NEW_CODES or code in _subdivisions()


@lru_cache(maxsize=1)
def _subdivisions() -> frozenset[str]:
    return frozenset(subdivision.code for subdivision in pycountry.subdivisions)


def _calendar(country: str, subdivision: str | None = None, year: int | None = None) -> HolidayBase:
    return holidays.country_holidays(
        country, subdivision, years=year, expand=False, categories=PUBLIC, language=_english(country)
    )


@lru_cache(maxsize=256)
def _english(country: str) -> str | None:
    """The package's English for that country's holidays; None takes the names as they are."""
    languages = holidays.country_holidays(country, expand=False).supported_languages
    return next((language for language in languages if language.startswith("en")), None)


@lru_cache(maxsize=4096)
def _holidays_of_year(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    calendar = _calendar(country, subdivision)
    if not calendar.start_year <= year <= calendar.end_year:
        known = f"{calendar.start_year} to {calendar.end_year}"
        raise CalendarUnknown(f"the public holidays of {country} are known for {known}, not {year}")
    return dict(_calendar(country, subdivision, year).items())


@lru_cache(maxsize=1024)
def _differs_inside(country: str, year: int) -> bool:
    nationwide = _holidays_of_year(country, None, year).keys()
    return any(
        _holidays_of_year(country, subdivision, year).keys() != nationwide for subdivision in _calendar(country).subdivisions
    )
