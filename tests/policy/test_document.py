"""The policy file: it says what the published policy says, and its reader names what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.document import POLICY_FILE, PolicyDocument, PolicyError, load_policy

PUBLISHED = Path(__file__).with_name("published_policy.txt")


def test_the_sections_are_the_published_policy_word_for_word(policy: PolicyDocument) -> None:
    """Numbers, titles and texts of the sections, put together, are the published text."""
    text = "\n".join(f"{section.number}. {section.title}\n{section.text}" for section in policy.sections)
    assert text.strip() == PUBLISHED.read_text(encoding="utf-8").strip()


def test_the_ten_supported_integrations_have_their_pages(policy: PolicyDocument) -> None:
    """Each integration and each product of one names the slug of its page."""
    pages = {part.name: part.slug for part in policy.integrations}
    pages |= {p.application.name: p.slug for part in policy.integrations for p in part.products}
    assert pages == {
        "Google Workspace": "integration-google-workspace",
        "Gmail": "integration-gmail",
        "Google Calendar": "integration-google-calendar",
        "Microsoft 365": "integration-microsoft-365",
        "Outlook": "integration-microsoft-365",
        "Slack": "integration-slack",
        "Zapier": "integration-zapier",
        "Mailchimp": "integration-mailchimp",
        "Stripe": "integration-stripe",
        "QuickBooks Online": "integration-quickbooks-online",
        "Twilio": "integration-twilio",
        "Zoom": "integration-zoom",
        "DocuSign": "integration-docusign",
    }


def test_well_known_other_applications_are_listed(policy: PolicyDocument) -> None:
    """At least 150 other applications are known, none of them an integration."""
    others = {application.name for application in policy.other_applications}
    assert len(others) >= 150
    assert not others & {part.name for part in policy.integrations}
    assert {"HubSpot", "Salesforce", "Photoshop", "Excel", "WhatsApp"} <= others


def test_every_name_is_told_in_every_way_it_is_written(policy: PolicyDocument) -> None:
    """Names and aliases of integrations, of their products and of other applications are all among the names."""
    assert {"Slack", "slack.com", "Gmail", "Google Mail", "gcal", "HubSpot", "Hub Spot"} <= set(policy.names)


def test_the_date_decides_which_versions_are_supported(policy: PolicyDocument) -> None:
    """Line 6 is supported on its last day and not on the day after; 7 is current; 1 to 5 are not."""

    def supported(day: date) -> list[int]:
        return [line.line for line in policy.versions if line.supported_on(day)]

    assert supported(date(2026, 12, 31)) == [7, 6]
    assert supported(date(2027, 1, 1)) == [7]


def test_a_plan_is_found_by_code_or_name_in_any_case(policy: PolicyDocument) -> None:
    """Plans are found as people write them; what is none is None."""
    found = policy.plan(" Enterprise ")
    assert found is not None and found.code == "enterprise" and found.priority
    assert policy.plan("gold") is None and policy.plan(None) is None and policy.plan("") is None


def set_at(*path: str | int) -> Callable[[Any, object], None]:
    """A change that puts a value at a path of the document."""

    def change(document: Any, value: object) -> None:
        for key in path[:-1]:
            document = document[key]
        if value is None:
            del document[path[-1]]
        else:
            document[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "key", "advice"),
    [
        (("version",), 1.0, "version", "write a text"),
        (("version",), None, "version", "is missing"),
        (("verison",), "1", "verison", "is not known"),
        (("effective",), "soon", "effective", "write a date"),
        (("response_hours",), 25, "response_hours", "multiple of 24"),
        (("response_hours",), True, "response_hours", "whole number"),
        (("hours", "opens"), "nine", "hours.opens", "time of day"),
        (("hours", "closes"), "08:00", "hours.closes", "later than opens"),
        (("hours", "weekdays"), ["munday"], "hours.weekdays[1]", "write one of monday"),
        (("hours", "weekdays"), [], "hours.weekdays", "at least one"),
        (("channels", "help_email"), "no@such.example", "channels.help_email", "stands in no section"),
        (("channels",), "by phone", "channels", "write keys"),
        (("sections", 0, "number"), 2, "sections", "number the sections"),
        (("sections",), "none", "sections", "write a list"),
        (("versions", 0, "status"), "supported", "versions[1].until", "is missing"),
        (("versions", 1, "status"), "current", "versions[2].until", "remove it"),
        (("versions", 2, "status"), "current", "versions", "exactly one line"),
        (("versions", 2, "line"), 7, "versions", "twice"),
        (("self_help", 0, "code"), "videos", "self_help", "one entry for each"),
        (("statements", "hours", "text"), "{opns}", "statements.hours.text", "{opns} is no fact"),
        (("statements", "hours", "text"), "a { brace", "statements.hours.text", "brace"),
        (("statements", "hours", "open"), "{opens_next}", "statements.hours.open", "is no fact"),
        (("statements", "hours", "section"), 10, "statements.hours.section", "1 to 9"),
        (
            ("statements", "priority", "plans"),
            {"gold": "x"},
            "statements.priority.plans.gold",
            "is not known",
        ),
        (("statements", "versions"), None, "statements.versions", "is missing"),
        (("promise", "rule"), None, "promise.rule", "is missing"),
        (("refusals", 0, "sentence"), "We do not like it.", "refusals[1].sentence", "word for word"),
        (("refusals", 0, "code"), "network", "refusals", "code: third_party"),
        (("integrations", 0, "slug"), None, "integrations[1].slug", "is missing"),
        (("integrations", 2, "word", "after"), [True], "integrations[3].word.after[1]", "quote it"),
        (("integrations", 2, "word", "capital"), "yes", "integrations[3].word.capital", "true or false"),
        (("other_applications", 0), "slack", "other_applications", "'Slack' stands twice"),
    ],
)
def test_a_mistake_is_named_with_its_file_its_key_and_what_to_write(
    tmp_path: Path, path: tuple[str | int, ...], value: object, key: str, advice: str
) -> None:
    """Each mistake in the file is refused with the file, the key path and advice."""
    document = yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8"))
    set_at(*path)(document, value)
    file = tmp_path / "policy.yml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    assert str(caught.value).startswith(f"{file}: {key}")
    assert advice.lower() in str(caught.value).lower()


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"a: [", "is not YAML"),
        (b"\xff\xfe", "UTF-8"),
        (b"", "write keys"),
        (b"effective: 2026-13-01", "YAML"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, content: bytes, advice: str) -> None:
    """Broken YAML, a wrong encoding and an empty file are told apart."""
    file = tmp_path / "policy.yml"
    file.write_bytes(content)
    with pytest.raises(PolicyError, match=advice):
        load_policy(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error names the file and the setting that points to it."""
    with pytest.raises(PolicyError, match="POLICY_FILE"):
        load_policy(tmp_path / "none.yml")


def test_no_word_of_a_follow_up_means_two_topics(policy: PolicyDocument) -> None:
    """A word by which customers mean a topic stands under that topic alone, or chance would decide what is answered."""
    listed = [word for statement in policy.statements.values() for word in statement.words]
    assert len(listed) == len(set(listed)) > 50
