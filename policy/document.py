"""Reads and checks the Support Policy: :func:`load_policy` gives a :class:`PolicyDocument` or says what is
wrong.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import yaml

from policy.reading import Node, PolicyError
from policy.values import (
    WEEKDAYS,
    Application,
    Change,
    Channels,
    Hours,
    Integration,
    Plan,
    PolicyDocument,
    Product,
    Refusal,
    Section,
    SelfHelp,
    StatementText,
    VersionLine,
    WordRule,
)

__all__ = ["POLICY_FILE", "TOPICS", "PolicyDocument", "PolicyError", "load_policy"]

POLICY_FILE = Path(__file__).with_name("policy.yml")
TOPICS = (
    "channels", "response_time", "hours", "support_types", "priority", "escalation", "self_help",
    "limitations", "changes", "versions",
)  # fmt: skip
PROMISE_TEXTS = (
    "rule", "priority", "regional", "estimated", "timezone_unknown", "region_unknown", "both_unknown",
    "calendar_unknown",
)  # fmt: skip
REFUSALS = ("third_party", "custom_development", "network", "unsupported_version", "off_topic")
FACTS = (
    "response_hours", "answer_day", "days", "opens", "closes", "help_email", "enterprise_email", "widget", "plans",
    "integrations", "current_line", "supported_lines", "unsupported_lines", "version", "effective",
    "knowledge_base", "video_tutorials", "community_forum",
)  # fmt: skip
MOMENTS: Mapping[str, tuple[str, ...]] = {
    "open": ("until",),
    "closed": ("opens_next",),
    "holiday": ("opens_next", "holiday"),
}


def load_policy(path: Path | None = None) -> PolicyDocument:
    """The policy of ``path`` (default: the one beside this module). Raises :class:`PolicyError`."""
    file = path or POLICY_FILE
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{file}: cannot be read ({error.strerror}); set POLICY_FILE to the policy's file") from error
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file}: is not UTF-8; save it as UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:
        raise PolicyError(f"{file}: is not YAML: {' '.join(str(error).split())}") from error
    return _document(Node(file, "", value).only(field.name for field in fields(PolicyDocument)))


def _document(root: Node) -> PolicyDocument:
    sections = _sections(root.get("sections"))
    plans = _plans(root.get("plans"))
    integrations, others = _applications(root)
    return PolicyDocument(
        version=root.get("version").text(),
        effective=root.get("effective").day(),
        changes=tuple(_change(node) for node in root.get("changes").items()),
        sections=sections,
        channels=_channels(root.get("channels"), sections),
        hours=_hours(root.get("hours")),
        response_hours=_response_hours(root.get("response_hours")),
        plans=plans,
        versions=_versions(root.get("versions")),
        self_help=_self_help(root.get("self_help")),
        statements=_statements(root.get("statements"), sections, plans),
        promise=_promise(root.get("promise")),
        refusals=_refusals(root.get("refusals"), sections),
        integrations=integrations,
        other_applications=others,
    )


def _sections(node: Node) -> tuple[Section, ...]:
    sections = tuple(
        Section(item.get("number").number(), item.get("title").text(), item.get("text").text())
        for item in (item.only(("number", "title", "text")) for item in node.items())
    )
    if [section.number for section in sections] != list(range(1, len(sections) + 1)) or not sections:
        raise node.fail("number the sections 1, 2, 3 and so on, in order")
    return sections


def _change(node: Node) -> Change:
    node.only(("version", "date", "summary"))
    return Change(node.get("version").text(), node.get("date").day(), node.get("summary").text())


def _channels(node: Node, sections: tuple[Section, ...]) -> Channels:
    names = tuple(field.name for field in fields(Channels))
    channels = Channels(**{name: node.only(names).get(name).text() for name in names})
    for key in ("help_email", "enterprise_email"):
        if not any(getattr(channels, key) in section.text for section in sections):
            raise node.get(key).fail("stands in no section of the policy; write the address that the sections name")
    return channels


def _hours(node: Node) -> Hours:
    node.only(("weekdays", "opens", "closes"))
    days = frozenset(WEEKDAYS.index(day.choice(WEEKDAYS)) for day in node.get("weekdays").items())
    if not days:
        raise node.get("weekdays").fail("write at least one weekday")
    hours = Hours(days, node.get("opens").clock(), node.get("closes").clock())
    if hours.opens >= hours.closes:
        raise node.get("closes").fail("write a time later than opens")
    return hours


def _response_hours(node: Node) -> int:
    hours = node.number()
    if hours % 24:
        raise node.fail(f"is {hours}; write a multiple of 24, as it is counted in business days")
    return hours


def _plans(node: Node) -> tuple[Plan, ...]:
    return tuple(
        Plan(item.get("code").text(), item.get("name").text(), item.get("priority").flag())
        for item in (item.only(("code", "name", "priority")) for item in node.items())
    )


def _versions(node: Node) -> tuple[VersionLine, ...]:
    lines = tuple(_version(item) for item in node.items())
    if len({line.line for line in lines}) != len(lines):
        raise node.fail("names a line twice; write each line once")
    if sum(line.current for line in lines) != 1:
        raise node.fail("write exactly one line with status: current")
    return tuple(sorted(lines, key=lambda line: -line.line))


def _version(node: Node) -> VersionLine:
    node.only(("line", "status", "until"))
    status = node.get("status").choice(("current", "supported", "unsupported"))
    if status != "supported" and (until := node.find("until")):
        raise until.fail("only a line with status: supported has an end; remove it")
    return VersionLine(
        node.get("line").number(),
        status == "current",
        node.get("until").day() if status == "supported" else None,
    )


def _self_help(node: Node) -> tuple[SelfHelp, ...]:
    codes = ("help", "videos", "community")
    resources = tuple(
        SelfHelp(item.get("code").choice(codes), item.get("name").text())
        for item in (item.only(("code", "name")) for item in node.items())
    )
    if sorted(resource.code for resource in resources) != sorted(codes):
        raise node.fail(f"write one entry for each of {', '.join(codes)}")
    return resources


def _statements(node: Node, sections: tuple[Section, ...], plans: tuple[Plan, ...]) -> dict[str, StatementText]:
    node.only(TOPICS)
    return {topic: _statement(node.get(topic), len(sections), plans) for topic in TOPICS}


def _statement(node: Node, sections: int, plans: tuple[Plan, ...]) -> StatementText:
    node.only(field.name for field in fields(StatementText))
    if (section := node.get("section")).number() > sections:
        raise section.fail(f"is {section.value}; write the number of a section, 1 to {sections}")
    by_plan = node.find("plans")
    return StatementText(
        section.number(),
        _template(node.get("text")),
        {key: _template(text) for key, text in by_plan.only(plan.code for plan in plans).entries()} if by_plan else {},
        _template(node.find("otherwise")),
        **{key: _template(node.find(key), *more) for key, more in MOMENTS.items()},
        words=tuple(word.lower() for word in words.texts()) if (words := node.find("words")) else (),
    )


def _template(node: Node | None, *more: str) -> str:
    if node is None:
        return ""
    text, known = node.text(), (*FACTS, *more)
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        raise node.fail("has a brace without its partner; write {{ and }} for plain braces") from None
    for name in names:
        if name not in known:
            raise node.fail(f"{{{name}}} is no fact; write one of {', '.join(known)}")
    return text


def _promise(node: Node) -> dict[str, str]:
    node.only(PROMISE_TEXTS)
    return {key: _template(node.get(key)) for key in PROMISE_TEXTS}


def _refusals(node: Node, sections: tuple[Section, ...]) -> dict[str, Refusal]:
    refusals = {refusal.code: refusal for refusal in (_refusal(item, sections) for item in node.items())}
    for code in REFUSALS:
        if code not in refusals:
            raise node.fail(f"has no entry with code: {code}; write one")
    return refusals


def _refusal(node: Node, sections: tuple[Section, ...]) -> Refusal:
    node.only(("code", "section", "sentence"))
    refusal = Refusal(node.get("code").choice(REFUSALS), node.get("section").number(), node.get("sentence").text())
    if not any(section.number == refusal.section and refusal.sentence in section.text for section in sections):
        raise node.get("sentence").fail(f"does not stand in section {refusal.section}; write a sentence of it, word for word")
    return refusal


def _applications(root: Node) -> tuple[tuple[Integration, ...], tuple[Application, ...]]:
    integrations = tuple(_integration(node) for node in root.get("integrations").items())
    others = tuple(_application(node) for node in root.get("other_applications").items())
    seen: set[str] = set()
    parts = [
        (integration.application, *(product.application for product in integration.products)) for integration in integrations
    ]
    for application in (*(part for group in parts for part in group), *others):
        for name in (application.name, *application.aliases):
            if name.lower() in seen:
                raise root.get("other_applications").fail(f"{name!r} stands twice among the applications; write it once")
            seen.add(name.lower())
    return integrations, others


def _integration(node: Node) -> Integration:
    products = node.find("products")
    return Integration(
        _application(node, "slug", "products"),
        node.get("slug").text(),
        tuple(Product(_application(item, "slug"), item.get("slug").text()) for item in products.items()) if products else (),
    )


def _application(node: Node, *more: str) -> Application:
    if isinstance(node.value, str):
        return Application(node.text())
    node.only(("name", "aliases", "word", "files", *more))
    aliases, word, files = node.find("aliases"), node.find("word"), node.find("files")
    return Application(
        node.get("name").text(),
        aliases.texts() if aliases else (),
        _word(word) if word else None,
        files.flag() if files else False,
    )


def _word(node: Node) -> WordRule:
    lists = ("after", "before", "not_before")
    node.only(("capital", *lists))
    capital = node.find("capital")
    found = {key: item.texts() for key in lists if (item := node.find(key))}
    return WordRule(capital.flag() if capital else True, **found)
