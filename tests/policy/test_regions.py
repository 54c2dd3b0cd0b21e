"""Regions and their public holidays."""

from __future__ import annotations

from datetime import date

import pycountry
import pytest

from policy.regions import CalendarUnknown, RegionUnknown, find_region


@pytest.mark.parametrize(
    ("code", "country", "subdivision"),
    [
        ("DE", "DE", None),
        ("de-by", "DE", "BY"),
        ("Gb-Sct", "GB", "SCT"),
        (" us-ca ", "US", "CA"),
        ("ES-MD", "ES", "MD"),
        ("FR-57", "FR", "57"),
        ("FR-6AE", "FR", "6AE"),
        ("FR-971", "FR", "971"),
        ("JP-13", "JP", None),
        ("FR-75C", "FR", None),
        ("NO-32", "NO", "32"),
        ("BQ-BO", "BQ", "BON"),
        ("NL-AW", "AW", None),
        ("CN-HK", "HK", None),
    ],
)
def test_a_region_keeps_its_own_calendar_or_its_countrys(code: str, country: str, subdivision: str | None) -> None:
    """ISO codes find the subdivision's calendar, or the country's if it has no days of its own."""
    region = find_region(code)
    assert (region.country, region.subdivision) == (country, subdivision)
    assert region.code == code.strip().upper()


@pytest.mark.parametrize(
    "code",
    [
        "",
        "XX",
        "UK",
        "EU",
        "XK",
        "DE-XX",
        "DE_BY",
        "DE-",
        "-BY",
        "DEU",
        "Germany",
        "DE-BYY1",
        "ß",
        "ſe",
        "DE-BY-1",
    ],
)
def test_what_iso_does_not_know_is_no_region(code: str) -> None:
    """Codes that ISO 3166 does not have, and look-alikes beyond ASCII, are unknown."""
    with pytest.raises(RegionUnknown, match="ISO 3166"):
        find_region(code)


def test_every_country_and_subdivision_of_iso_has_a_calendar() -> None:
    """No ISO code makes the holiday data fail, or warn."""
    for country in pycountry.countries:
        find_region(country.alpha_2).holiday(date(2026, 6, 3))
    for subdivision in pycountry.subdivisions:
        assert find_region(subdivision.code).code == subdivision.code


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("GB-SCT", date(2026, 12, 28), "Boxing Day (observed)"),
        ("GB-ENG", date(2026, 4, 6), "Easter Monday"),
        ("GB-SCT", date(2026, 4, 6), None),
        ("DE-BY", date(2026, 1, 6), "Epiphany"),
        ("DE", date(2026, 1, 6), None),
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("US", date(2027, 12, 31), "New Year's Day (observed)"),
        ("US-CA", date(2026, 3, 31), "Cesar Chavez Day"),
        ("DK", date(2026, 12, 24), None),
        ("BG", date(2026, 12, 24), "Christmas Eve"),
        ("DE", date(2026, 12, 24), None),
        ("JP", date(2026, 12, 31), None),
    ],
)
def test_public_holidays_and_their_substitutes_count_and_nothing_else(code: str, day: date, name: str | None) -> None:
    """Observed substitutes are holidays; half days, bank and optional days are not; names are English."""
    assert find_region(code).holiday(day) == name


@pytest.mark.parametrize(("code", "year"), [("LK", 2027), ("DE", 2101), ("JP", 2100), ("DE", 1990)])
def test_a_year_beyond_the_holiday_data_is_said_to_be_unknown(code: str, year: int) -> None:
    """Where the data does not reach, no day is taken for a business day."""
    with pytest.raises(CalendarUnknown, match=str(year)):
        find_region(code).holiday(date(year, 6, 1))


def test_a_country_whose_parts_keep_other_days_is_known_as_such() -> None:
    """DE is partial, DE-BY is not, nor is a country without regional public holidays."""
    assert find_region("DE").partial(2026)
    assert not find_region("DE-BY").partial(2026)
    assert not find_region("PL").partial(2026)
    assert not find_region("JP-13").partial(2026)
    assert find_region("ES-B").partial(2026)
