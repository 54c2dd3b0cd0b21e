"""What the demo page shows: people to sign in as, and a deals board."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A preset customer."""

    sub: str
    name: str
    email: str
    account: str
    plan: str
    region: str
    tz: str


@dataclass(frozen=True, slots=True)
class Place:
    """A region with its time zone; both empty stand for an account that never set them."""

    label: str
    region: str
    tz: str


@dataclass(frozen=True, slots=True)
class Deal:
    """A card of the board; ``value`` in USD."""

    title: str
    company: str
    value: int
    owner: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the board."""

    name: str
    deals: tuple[Deal, ...]

    @property
    def total(self) -> int:
        """The sum of its deals in USD."""
        return sum(deal.value for deal in self.deals)


PLANS = ("starter", "professional", "enterprise")

PEOPLE = (
    Person(
        "demo-maya",
        "Maya Lindqvist",
        "maya@northlight.example",
        "northlight",
        "professional",
        "US-CA",
        "America/Los_Angeles",
    ),
    Person(
        "demo-jonas",
        "Jonas Brandl",
        "jonas@alpenwerk.example",
        "alpenwerk",
        "enterprise",
        "DE-BY",
        "Europe/Berlin",
    ),
    Person("demo-aoife", "Aoife Byrne", "aoife@harbour.example", "harbour", "starter", "IE", "Europe/Dublin"),
    Person("demo-kenji", "Kenji Mori", "kenji@sorane.example", "sorane", "professional", "JP", "Asia/Tokyo"),
)

REGIONS = (
    Place("California, USA", "US-CA", "America/Los_Angeles"),
    Place("New York, USA", "US-NY", "America/New_York"),
    Place("Bavaria, Germany", "DE-BY", "Europe/Berlin"),
    Place("Scotland, UK", "GB-SCT", "Europe/London"),
    Place("Ireland", "IE", "Europe/Dublin"),
    Place("Madrid, Spain", "ES-MD", "Europe/Madrid"),
    Place("India", "IN", "Asia/Kolkata"),
    Place("Japan", "JP", "Asia/Tokyo"),
    Place("New South Wales, Australia", "AU-NSW", "Australia/Sydney"),
    Place("Not known", "", ""),
)

STAGES = (
    Stage(
        "Qualified",
        (
            Deal("Warehouse rollout", "Bluefin Logistics", 18400, "ML", "Call tomorrow"),
            Deal("12 seats, sales team", "Hartwell & Rowe", 5600, "TO", "Email sent"),
            Deal("Pilot, two regions", "Kestrel Energy", 9200, "ML", "No activity planned"),
        ),
    ),
    Stage(
        "Contact made",
        (
            Deal("Franchise onboarding", "Poppy's Bakeries", 12750, "RS", "Call at 15:00"),
            Deal("Replace spreadsheet", "Marlow Dental", 3100, "TO", "Meeting on Thursday"),
        ),
    ),
    Stage(
        "Demo scheduled",
        (
            Deal("Field team, 40 users", "Terravolt", 31900, "ML", "Demo on Friday"),
            Deal("Partner portal", "Oakline Interiors", 14300, "RS", "Demo on Monday"),
        ),
    ),
    Stage(
        "Proposal made",
        (
            Deal("Group licence", "Saltmarsh Hotels", 46000, "RS", "Waiting for legal"),
            Deal("Renewal with add-ons", "Finch & Daughters", 8800, "TO", "Follow up today"),
        ),
    ),
    Stage(
        "Negotiation",
        (Deal("Three-year agreement", "Northwind Clinics", 72500, "ML", "Call at 11:30"),),
    ),
)
