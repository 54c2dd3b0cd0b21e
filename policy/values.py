"""The values a policy document is made of: plain, frozen, without behaviour beyond small look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section of the published policy, word for word."""

    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One announced change of the policy."""

    version: str
    date: date
    summary: str


@dataclass(frozen=True, slots=True)
class Channels:
    """How support is reached."""

    help_email: str
    enterprise_email: str
    widget: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When the team is on duty: the half-open interval [opens, closes) on ``weekdays`` (Monday is 0)."""

    weekdays: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan; ``priority`` says whether priority support comes with it."""

    code: str
    name: str
    priority: bool


@dataclass(frozen=True, slots=True)
class WordRule:
    """When a name that is also an everyday word counts as the application's name."""

    capital: bool = True
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Application:
    """An application's name, the other ways it is written, the rule when it is an everyday word (aliases never are), and whether
    customers exchange its ``files`` with us.
    """

    name: str
    aliases: tuple[str, ...] = ()
    word: WordRule | None = None
    files: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """A part of an integration that customers call by its own name, such as Gmail of Google Workspace."""

    application: Application
    slug: str


@dataclass(frozen=True, slots=True)
class Integration:
    """A supported integration, the slug of its knowledge-base page, and its parts."""

    application: Application
    slug: str
    products: tuple[Product, ...] = ()

    @property
    def name(self) -> str:
        """The integration's name."""
        return self.application.name

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other ways to write it."""
        return self.application.aliases


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A release line of PipeRocks: current, supported until a day (that day included), or unsupported."""

    line: int
    current: bool
    until: date | None

    def supported_on(self, day: date) -> bool:
        """Whether help is given on this line on ``day``."""
        return self.current or (self.until is not None and day <= self.until)


@dataclass(frozen=True, slots=True)
class SelfHelp:
    """A resource for self-help; its address is a setting, found under ``code``."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StatementText:
    """The templates of one topic, the policy section it states, and the words by which customers who lean on what was said
    before ("and on Sundays?") mean it.
    """

    section: int
    text: str
    plans: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    open: str = ""
    closed: str = ""
    holiday: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A class of requests that are declined, and the policy's sentence that says so."""

    code: str
    section: int
    sentence: str


@dataclass(frozen=True, eq=False)
class PolicyDocument:
    """The whole policy. Compared by identity, so that what is derived from it can be cached cheaply."""

    version: str
    effective: date
    changes: tuple[Change, ...]
    sections: tuple[Section, ...]
    channels: Channels
    hours: Hours
    response_hours: int
    plans: tuple[Plan, ...]
    versions: tuple[VersionLine, ...]
    self_help: tuple[SelfHelp, ...]
    statements: Mapping[str, StatementText]
    promise: Mapping[str, str]
    refusals: Mapping[str, Refusal]
    integrations: tuple[Integration, ...]
    other_applications: tuple[Application, ...]

    @property
    def response_days(self) -> int:
        """The response time in business days (the policy's hours count on business days, 24 to a day)."""
        return self.response_hours // 24

    @property
    def names(self) -> tuple[str, ...]:
        """Every way in which the file writes the name of an application, supported or not."""
        parts = [product.application for integration in self.integrations for product in integration.products]
        applications = (*(integration.application for integration in self.integrations), *parts, *self.other_applications)
        return tuple(form for application in applications for form in (application.name, *application.aliases))

    def section(self, number: int) -> Section:
        """The section of that number; ``KeyError`` if there is none."""
        for section in self.sections:
            if section.number == number:
                return section
        raise KeyError(number)

    def plan(self, code: str | None) -> Plan | None:
        """The plan of that code or name, in any case of letters; None if unknown."""
        wanted = (code or "").strip().lower()
        return next((plan for plan in self.plans if wanted in (plan.code, plan.name.lower())), None)
