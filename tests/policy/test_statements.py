"""What a customer is told about each section of the policy."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from policy.clock import DutyState, on_duty, promise
from policy.document import POLICY_FILE, TOPICS, PolicyDocument, load_policy
from policy.statements import UnknownTopic, state

FACTS = {
    "channels": (
        1,
        [
            "question mark icon",
            "lower-left corner of the sidebar menu",
            "help@piperocks.com",
            "In-Platform Ticketing",
        ],
    ),
    "response_time": (
        2,
        [
            "within 24 hours during business days",
            "we often respond sooner",
            "Monday to Friday, 9 AM to 5 PM",
            "excluding public holidays",
            "keep you informed throughout the process",
            "as quickly as possible",
        ],
    ),
    "support_types": (
        3,
        [
            "account settings, subscriptions, billing inquiries, and upgrades",
            "navigating the platform",
            "troubleshooting errors",
            "configuring integrations",
            "use and capabilities of specific features",
            "basic recommendations for customizing settings",
            "extensive customization or personalized coding services",
        ],
    ),
    "hours": (
        4,
        [
            "Monday to Friday, 9 AM to 5 PM",
            "local time based on your region",
            "excluding public holidays",
            "as soon as possible during regular hours",
        ],
    ),
    "priority": (
        5,
        [
            "Enterprise Plan",
            "expedited response times",
            "dedicated account representative",
            "enterprise@piperocks.com",
        ],
    ),
    "escalation": (
        6,
        [
            "Submit a support ticket or email",
            "persists or is unresolved",
            "request escalation within the support ticket",
            "senior technician",
            "high-impact issues affecting multiple users or critical platform functions",
        ],
    ),
    "self_help": (7, ["guides, FAQs, and tutorials", "instructional videos", "connect with other users"]),
    "limitations": (
        8,
        [
            "Third-party application issues outside of supported integrations",
            "Custom development, script creation",
            "Network issues unrelated to the functionality",
            "outdated, unsupported versions",
            "QuickBooks Online",
        ],
    ),
    "changes": (
        9,
        [
            "at any time",
            "improve service delivery",
            "our website and in the platform interface",
            "version 1.0",
        ],
    ),
    "versions": (
        8,
        ["Release line 7", "Line 6 is supported until 31 December 2026", "Lines 1 to 5 are unsupported"],
    ),
}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_statement_holds_every_fact_of_its_section(policy: PolicyDocument, topic: str) -> None:
    """Each statement names its section and states all of it, briefly, with every brace filled."""
    section, facts = FACTS[topic]
    statement = state(topic, policy)
    assert (statement.section, statement.section_title) == (section, policy.section(section).title)
    assert [fact for fact in facts if fact not in statement.text] == []
    assert not re.search(r"[{}]", statement.text)
    assert len(statement.text) < 1000


def test_the_response_time_for_enterprise_has_no_invented_figure(policy: PolicyDocument) -> None:
    """Enterprise requests go first and the standard time is the latest: 24 is the only number of hours."""
    text = state("response_time", policy, plan="enterprise").text
    assert "requests go first" in text and "the latest" in text
    assert re.findall(r"(\d+) (?:hours?|minutes?|days?)", text) == ["24"]
    assert "go first" not in state("response_time", policy, plan="starter").text


@pytest.mark.parametrize("plan", ["starter", "professional", None, "gold"])
def test_priority_support_is_enterprises_alone(policy: PolicyDocument, plan: str | None) -> None:
    """Enterprise hears that it is theirs; everyone else that it comes with the Enterprise plan."""
    assert "Your plan includes it" in state("priority", policy, plan="Enterprise").text
    other = state("priority", policy, plan=plan).text
    assert "comes with the Enterprise plan alone" in other and "Your plan includes" not in other


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-24T10:00+00:00", "**on duty now**, until 5 PM"),
        ("2026-11-27T18:00+00:00", "back **Monday 30 November, 9 AM**"),
        ("2026-12-25T10:00+00:00", "public holiday (Christmas Day) and back **Tuesday 29 December, 9 AM**"),
    ],
)
def test_the_hours_tell_how_things_stand_now(policy: PolicyDocument, at: str, told: str) -> None:
    """Open until closing, or closed until the next opening, with the holiday's name."""
    duty = on_duty(datetime.fromisoformat(at), "Europe/London", "GB-ENG", policy)
    assert told in state("hours", policy, duty=duty).text


@pytest.mark.parametrize("certainty", ["region_unknown", "timezone_unknown", "calendar_unknown"])
def test_what_is_uncertain_is_not_told(policy: PolicyDocument, certainty: str) -> None:
    """Without certainty the hours are quoted and nothing is said about now."""
    assert state("hours", policy, duty=DutyState(certainty, None)) == state("hours", policy)


def test_the_end_of_a_versions_support_is_told_by_the_date(policy: PolicyDocument) -> None:
    """After its last day, line 6 was supported."""
    assert "Line 6 is supported until" in state("versions", policy, today=date(2026, 12, 31)).text
    assert "Line 6 was supported until" in state("versions", policy, today=date(2027, 1, 1)).text


def test_self_help_links_to_the_addresses_that_are_set(policy: PolicyDocument) -> None:
    """The addresses are settings, handed in by code."""
    text = state("self_help", policy, links={"help": "/help", "community": "https://forum.example"}).text
    assert "[Knowledge Base](/help)" in text and "[Community Forum](https://forum.example)" in text
    assert "**Video Tutorials**" in text


def test_a_figure_changed_in_the_file_changes_every_statement(tmp_path: Path) -> None:
    """No figure lives in the code."""
    document = yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8"))
    document["response_hours"] = 48
    document["hours"] |= {"opens": "08:30", "closes": "18:00", "weekdays": ["monday", "wednesday"]}
    file = tmp_path / "policy.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    changed = load_policy(file)
    texts = [state(topic, changed, plan=plan).text for topic in TOPICS for plan in ("starter", "enterprise")]
    assert not any(old in text for text in texts for old in ("24 hours", "9 AM", "5 PM", "Friday"))
    assert any("48 hours" in text and "Monday and Wednesday, 8:30 AM to 6 PM" in text for text in texts)
    promised = promise(datetime(2026, 11, 23, 9), tz="Europe/London", region="GB-ENG", plan=None, policy=changed)
    assert promised.reply_by == datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Europe/London"))
    assert "by the same clock time 2 business days later" in promised.rule and "counts from 8:30 AM" in promised.rule


def test_an_unknown_topic_is_refused_with_the_known_ones(policy: PolicyDocument) -> None:
    """The message lists the topics."""
    with pytest.raises(UnknownTopic, match="response_time"):
        state("weather", policy)
