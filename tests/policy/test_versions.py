"""Versions of PipeRocks in what customers write, and the figures that look like them."""

from __future__ import annotations

import time
from datetime import date

import pytest

from policy.document import PolicyDocument
from policy.versions import find_versions, possible_versions

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("we run PipeRocks 4.2 and reports crash", [4]),
        ("PipeRocks 4", [4]),
        ("piperocks v 6.8.1", [6]),
        ("piperocks crm version 7.3 is slow", [7]),
        ("PipeRocks Server 6.8", [6]),
        ("PipeRocks version: 4.2", [4]),
        ("PipeRocks on version 5", [5]),
        ("Pipe Rocks 3", [3]),
        ("v5 crashes", [5]),
        ("V5.9 crashes", [5]),
        ("version 6.3 question", [6]),
        ("my version is 4.2", [4]),
        ("ver. 2.1", [2]),
        ("Release line 6", [6]),
        ("on release 5", [5]),
        ("release 7.5 notes", [7]),
        ("we run 4.1", [4]),
        ("running 6.3.2 on prem", [6]),
        ("our server is at version 4.x", [4]),
        ("we are still on 5", [5]),
        ("we're on 5.9, help", [5]),
        ("is version 6 still supported", [6]),
        ("version 5 of PipeRocks", [5]),
        ("Our office runs version 4, can you help?", [4]),
        ("API v2 on PipeRocks 6", [6]),
        ("PipeRocks 6 or PipeRocks 7?", [6, 7]),
        ("PipeRocks 4.2 reports crash", [4]),
        ("our 5.2 tasks are gone", [5]),
        ("piperocks 47 crashes", [4]),
        ("release 44 of PipeRocks", [4]),
        ("v53 loses the deals", [5]),
        ("5.x import wizard hangs", [5]),
        ("it's the old 2.x of yours", [2]),
        ("PipeRocks version four: the calendar is a day behind", [4]),
        ("PipeRocks three here", [3]),
        ("release three point two eats my tasks", [3]),
        ("still on 3 over here. exports come out empty", [3]),
        ("we're still on four at the branch", [4]),
        ("the three series of yours", [3]),
        ("I know, five is ancient", [5]),
        ("a second pipeline? we're on the 5 series", [5]),
        ("it says release 1-point-something at the bottom", [1]),
        ("version seven, the newest", [7]),
        ("Version info at the bottom says 4.9.2 if that matters", [4]),
        ("Version says 591 at the bottom of the CRM", [5]),
        ("the duplicate emails in line 4 of your crm", [4]),
        ("Ive got the 3x piperocks", [3]),
        ("still PipeRocks 1something here", [1]),
        ("runnin the old 2.something PipeRocks on the shop computer", [2]),
    ],
)
def test_versions_are_found_as_people_write_them(text: str, lines: list[int], policy: PolicyDocument) -> None:
    """The release lines are found in the order in which they stand."""
    assert [mention.line for mention in find_versions(text, policy, TODAY)] == lines


@pytest.mark.parametrize(
    "text",
    [
        "5 users",
        "Python 3.x",
        "version one of my file",
        "still on two pipelines",
        "stuck on three deals and a quote",
        "five is enough",
        "our three series of mails",
        "send two series of campaigns",
        "a 3 point plan",
        "it grew by 2 point five percent",
        "the contact in row three is outdated",
        "the import is stuck at 3 and won't go on",
        "I'm stuck on two and the rest is done",
        "one is old, the other new",
        "PipeRocks for 5 users",
        "PipeRocks 5 users cannot log in",
        "PipeRocks, 5 of us cannot log in",
        "$4.20",
        "the price is 4.20",
        "iOS 16",
        "ios version 6",
        "Android 7",
        "Excel 2016",
        "Excel version 6",
        "Slack v4",
        "API v3",
        "the v2 api",
        "PipeRocks API v3",
        "PipeRocks v3 API",
        "app version 3.2",
        "Kajabi plugin version 4.2",
        "Version 3 of my import file",
        "version 2 of the quote",
        "version 2016",
        "v10",
        "PipeRocks 2016",
        "PipeRocks 9",
        "the version from last week says 4 contacts are missing",
        "Chrome version at the bottom says 4.2",
        "error on line 4 of the crm file",
        "the version says 4 things",
        "3x the price of PipeRocks",
        "We pay for 3x PipeRocks",
        "the 2x PipeRocks Professional seats",
        "PipeRocks 3x logged me out",
        "Since the new version the deals page shows 404",
        "The new version says 500 internal server error",
        "The new version says 404.",
        "The version of Outlook I use says 365, the calendar is empty",
        "version of the mobile app says 5.2.1",
        "error on line 5",
        "import fails at line 4",
        "we are on 5 deals",
        "we have 4.5 stars",
        "I use 3.5 hours",
        "we run 4.1 million contacts",
        "meeting at 5 on 6 May",
        "upgrade from 5 to 7 users",
        "upgrade from Starter to Professional for 5 users",
        "upgrade our plan from 3 to 5",
        "move deals from stage 3 to 5",
        "which versions do you support?",
        "tv5 rev7 mv4",
        "PipeRocks 2-factor sign-in",
        "PipeRocks 24/7?",
        "PipeRocks 30 days free",
        "PipeRocks 40 licences",
        "version 12",
        "",
    ],
)
def test_figures_and_versions_of_other_things_are_left_alone(text: str, policy: PolicyDocument) -> None:
    """Counts, prices, dates, and the versions of other software are no version of PipeRocks."""
    assert find_versions(text, policy, TODAY) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("how do I upgrade from 5 to 7?", [5, 7]),
        ("upgrading from PipeRocks 5.9 to version 6.8", [5, 6]),
        ("upgrade to version 7.4", [7]),
        ("upgrading to 7", [7]),
        ("move from 6 to 7", [6, 7]),
        ("we run PipeRocks 4 and want to upgrade", [4]),
        ("we finally moved from 5.3 to the current one and now fields are missing", [5]),
        ("since we came from version 4 to your newest release the board is slow", [4]),
        ("is there a safe way to bring our old version 3 database up to the newest release", [3]),
        ("lifting version 4 onto the current line, how", [4]),
    ],
)
def test_a_question_about_upgrading_is_marked(text: str, lines: list[int], policy: PolicyDocument) -> None:
    """Moving from an unsupported line is in scope, so each version says that it is about upgrading."""
    mentions = find_versions(text, policy, TODAY)
    assert [mention.line for mention in mentions] == lines
    assert all(mention.upgrade for mention in mentions)
    assert not any(mention.upgrade for mention in find_versions("PipeRocks 4 crashes", policy, TODAY))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("how to re-index the search in 4.7", [4]),
        ("email sync broken on 591", [5]),
        ("please fix the bug on line 5", [5]),
        ("our crm 51 forgot everything", [5]),
        ("what's new in 7.5", [7]),
        ("PipeRocks 4.2 crashes", []),
        ("we have 4.5 stars", []),
        ("we have 5 users", []),
        ("we have 50 deals", []),
        ("error 404 in the list", []),
        ("row 47 fails", []),
        ("my kajabi plugin version 4.2 sends nothing", []),
        ("$4.2", []),
    ],
)
def test_a_figure_may_be_a_version(text: str, lines: list[int], policy: PolicyDocument) -> None:
    """What may be a version is told apart from what surely is one, and from what counts, measures or costs something."""
    found = possible_versions(text, policy, TODAY)
    assert [mention.line for mention in found] == lines
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


def test_who_cannot_upgrade_is_not_upgrading(policy: PolicyDocument) -> None:
    """Refusing an upgrade is told apart from not knowing how to make one."""
    for text in ("I don't want to hear about upgrading, fix my PipeRocks 4.2", "no budget to upgrade PipeRocks 4.2"):
        assert not find_versions(text, policy, TODAY)[0].upgrade
    for text in ("I do not know how to upgrade PipeRocks 4.2", "we can't find where to upgrade from PipeRocks 4.2"):
        assert find_versions(text, policy, TODAY)[0].upgrade


def test_the_date_decides_whether_a_version_is_supported(policy: PolicyDocument) -> None:
    """Line 6 is supported to the end of 2026."""
    for day, supported in ((date(2026, 12, 31), True), (date(2027, 1, 1), False)):
        [mention] = find_versions("PipeRocks 6.2 crashes", policy, day)
        assert mention.supported is supported


def test_a_mention_spans_the_number(policy: PolicyDocument) -> None:
    """Start and end cut the number out of the text."""
    text = "On PipeRocks v 6.8.1, reports fail"
    [mention] = find_versions(text, policy, TODAY)
    assert text[mention.start : mention.end] == mention.text == "6.8.1"


def test_a_very_long_text_is_read_quickly(policy: PolicyDocument) -> None:
    """Length does not make the search explode."""
    started = time.process_time()
    for text in ("upgrade " * 5000, "version " * 5000, "upgrade from 5 " * 3000, "PipeRocks " + " " * 20000):
        find_versions(text, policy, TODAY)
    assert time.process_time() - started < 5


def test_the_old_one_with_its_figure_is_a_version(policy: PolicyDocument) -> None:
    """A figure with a point behind "the old one" is a version; a whole one may be anything, and "says 492" may be 4.9.2."""
    assert [mention.line for mention in find_versions("how to add a column? (we're on the old one, 3.7)", policy, TODAY)] == [3]
    assert find_versions("the old one: 3 of them", policy, TODAY) == []
    assert [mention.line for mention in possible_versions("at the bottom it says 492", policy, TODAY)] == [4]


def test_who_came_from_another_program_stays_on_the_old_version(policy: PolicyDocument) -> None:
    """Only a move between versions of PipeRocks is an upgrade, however new what was moved to."""
    (mention,) = find_versions("we moved from Excel to the new PipeRocks 4.2 and it crashes", policy, TODAY)
    assert mention.line == 4 and not mention.upgrade
