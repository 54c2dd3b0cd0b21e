from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from bot.units import MARKS, MOST_CLAUSES, OTHER_APPLICATION, SUPPORTED_APPLICATION, clauses, find_marks, plain_unit, unit
from policy.document import PolicyDocument
from policy.values import Application, Integration

TODAY = date(2026, 5, 1)


def _flags(text: str, policy: PolicyDocument, today: date = TODAY) -> set[str]:
    marks = unit(text, policy, today).marks
    assert marks.shape == (1, len(MARKS))
    return {name for name, value in zip(MARKS, marks[0], strict=True) if value}


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("does Mailchimp work with it", "does Slack work with it"),
        ("my Salesforce report is empty", "my HubSpot report is empty"),
        ("connect DocuSign and Jira please", "connect Slack and HubSpot please"),
        ("I want to see my invoices", "I want to see my invoices"),
    ],
)
def test_names_are_read_as_their_class(text: str, marked: str, policy: PolicyDocument) -> None:
    """Every application is read as the stand-in of its class, and the rest of the text stays as it is."""
    assert unit(text, policy, TODAY).marked == marked
    assert unit(text, policy, TODAY).text == text


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("does Mailchimp sync", {"supported_application"}),
        ("my Salesforce report is empty", {"other_application"}),
        ("we run PipeRocks 7.1", {"supported_version", "product"}),
        ("we run PipeRocks 4.1", {"unsupported_version", "product"}),
        ("connect Mailchimp or Jira to your platform", {"supported_application", "other_application", "product"}),
        ("hello there", set()),
    ],
)
def test_marks_tell_what_was_found(text: str, flags: set[str], policy: PolicyDocument) -> None:
    """The marks say which classes occur in the text."""
    assert _flags(text, policy) == flags


def test_versions_are_read_as_their_class(policy: PolicyDocument) -> None:
    """Versions are read as the stand-ins of supported and unsupported lines."""
    assert unit("it broke on PipeRocks 7.9.3", policy, TODAY).marked == "it broke on PipeRocks 7.2"
    assert unit("it broke on PipeRocks 5.0", policy, TODAY).marked == "it broke on PipeRocks 4.2"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("stuck in 4.7 since May", "stuck in 4.2 since May"),
        ("6.3 here and the board won't scroll", "7.2 here and the board won't scroll"),
        ("send a fix for the bug on line 5", "send a fix for the bug on line 4.2"),
        ("it is broken in our 59 An upgrade costs too much", "it is broken in our 4.2 An upgrade costs too much"),
        ("our crm 52 is broken", "our crm 52 is broken"),
        ("our old 52 but it works", "our old 4.2 but it works"),
        ("deals created on 14 and 15 are missing", "deals created on 14 and 15 are missing"),
        ("our 12 and the new colleague", "our 12 and the new colleague"),
        ("our 59 clients are gone", "our 59 clients are gone"),
        ("why does it stop on 404", "why does it stop on 404"),
        ("the discount is 4.5 %", "the discount is 4.5 %"),
        ("my phone number is 212 555 0199", "my phone number is 212 555 0199"),
    ],
)
def test_what_may_be_a_version_is_read_as_one_but_not_noted(text: str, marked: str, policy: PolicyDocument) -> None:
    """A figure with a point, or of a line, that may be a version is read with its stand-in; no mark says that there is one."""
    assert unit(text, policy, TODAY).marked == marked
    assert not _flags(text, policy)


def test_files_are_read_by_the_name_of_their_application(policy: PolicyDocument) -> None:
    """What customers import and export keeps its name, written in one way, and is noted as another application."""
    assert unit("the export to MS Excel is empty", policy, TODAY).marked == "the export to Excel is empty"
    assert _flags("the export to MS Excel is empty", policy) == {"other_application"}


def test_support_of_a_version_ends_on_its_day(policy: PolicyDocument) -> None:
    """A line that is supported until a day is read as unsupported from the next day on."""
    text, until = "we run PipeRocks 6.3", next(line.until for line in policy.versions if line.until)
    assert "supported_version" in _flags(text, policy, until)
    assert "unsupported_version" in _flags(text, policy, date.fromordinal(until.toordinal() + 1))


def test_a_new_integration_changes_the_reading_without_training(policy: PolicyDocument) -> None:
    """An application that is added to the policy's integrations is at once read as a supported one."""
    text = "does it work with Asana"
    before = unit(text, policy, TODAY)
    added = Integration(Application("Asana"), "integration-asana")
    after = unit(text, replace(policy, integrations=(*policy.integrations, added)), TODAY)
    assert before.marked == f"does it work with {OTHER_APPLICATION}"
    assert after.marked == f"does it work with {SUPPORTED_APPLICATION}"
    assert before.marks.tolist() != after.marks.tolist()


def test_a_name_nobody_knew_is_found_once_the_policy_lists_it(policy: PolicyDocument) -> None:
    """A name that no list held is plain text, and a mark as soon as the policy lists it."""
    text = "does it work with Quuxboard"
    assert find_marks(text, policy, TODAY) == ()
    listed = replace(policy, other_applications=(*policy.other_applications, Application("Quuxboard")))
    (mark,) = find_marks(text, listed, TODAY)
    assert (mark.kind, mark.value, mark.supported, text[mark.start : mark.end]) == (
        "application",
        "Quuxboard",
        False,
        "Quuxboard",
    )


def test_marks_are_in_order_and_apart(policy: PolicyDocument) -> None:
    """Marks stand in the order of the text, do not overlap, and name what stands at their place."""
    text = "Jira, Mailchimp and Salesforce broke after we moved from PipeRocks 5.1 to PipeRocks 7.0"
    marks = find_marks(text, policy, TODAY)
    assert len(marks) >= 4
    assert all(text[mark.start : mark.end] == mark.text for mark in marks)
    assert all(one.end <= two.start for one, two in pairwise(marks))


def test_an_upgrade_is_told(policy: PolicyDocument) -> None:
    """Versions that are named in order to leave or reach them say so."""
    marks = find_marks("how do we upgrade from PipeRocks 5 to 7", policy, TODAY)
    assert [mark.upgrade for mark in marks if mark.kind == "version"] == [True, True]


def test_a_plain_unit_is_the_text(policy: PolicyDocument) -> None:
    """Foreign data is read as it is, without marks."""
    read = plain_unit("my Salesforce report")
    assert (read.text, read.marked, float(read.marks.sum())) == ("my Salesforce report", "my Salesforce report", 0.0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Where are my invoices? How do I undo an import?", ["Where are my invoices?", "How do I undo an import?"]),
        ("how fast do you answer and how can I reach you", ["how fast do you answer", "how can I reach you"]),
        ("The import failed. What are your hours?", ["The import failed.", "What are your hours?"]),
        ("first question\nsecond question", ["first question", "second question"]),
        ("Where do I connect Slack and Zoom?", []),
        ("one question alone", []),
        ("Hi! Where are my invoices?", ["Where are my invoices?"]),
        ("Thanks a lot! One more - how are tags merged?", ["One more - how are tags merged?"]),
        ("Great, thank you. How do I merge?", ["How do I merge?"]),
        ("Hello there, when are you open?", ["when are you open?"]),
        ("Thanks!", []),
        ("Write code for your API. Also, when are you open?", ["Write code for your API.", "when are you open?"]),
        ("How do I merge and please get me a human", ["How do I merge", "please get me a human"]),
        ("", []),
        ("version 7.2 is on 3.5 GB", []),
        ("Please open a ticket, none of us can log in", ["Please open a ticket", "none of us can log in"]),
        ("How do I open a ticket, please?", []),
        ("can i talk to someone, none of us can log in", ["can i talk to someone", "none of us can log in"]),
        ("please get me a human our import hangs", ["please get me a human", "our import hangs"]),
        ("I want to speak to a person, how do I do that?", []),
        ("I need to talk to someone about my invoice", ["I need to talk to someone", "about my invoice"]),
        ("How can I speak to a person about my invoice", []),
        ("sync is dead, and by the way, how long do you take?", ["sync is dead", "how long do you take?"]),
        ("Please connect me with support, the API returns 403", ["Please connect me with support", "the API returns 403"]),
        ("have a person check this: my codes get rejected", ["have a person check this", "my codes get rejected"]),
        ("can somebody look into this, events are doubled", ["can somebody look into this", "events are doubled"]),
        ("ticket pls: cant delete a pipeline", ["ticket pls", "cant delete a pipeline"]),
        ("how can I connect Zapier & who may do it", ["how can I connect Zapier", "who may do it"]),
        ("haha ok. how do I merge?", ["how do I merge?"]),
        ("need a human, the export is empty", ["need a human", "the export is empty"]),
        ("agent please: the export is empty", ["agent please", "the export is empty"]),
        ("then make a ticket for the app", ["then make a ticket", "for the app"]),
        (
            "I'd like to raise a request with your team regarding permissions",
            ["I'd like to raise a request with your team", "regarding permissions"],
        ),
        ("I want a person field on every deal", []),
        ("hi please open ticket: the board is empty", ["please open ticket", "the board is empty"]),
        ("fine print of the licence", []),
        ("My boss asks at five... can somebody real check", ["My boss asks at five...", "can somebody real check"]),
        ("I can't drive like this, somebody needs to fix it", ["I can't drive like this", "somebody needs to fix it"]),
        ("we're losing money by the minute get someone NOW", ["we're losing money by the minute", "get someone NOW"]),
        ("Raise it with your engineers: the board is empty", ["Raise it with your engineers", "the board is empty"]),
        ("how do I get someone else on the list", []),
        ("need a ticket: the board is empty", ["need a ticket", "the board is empty"]),
        ("pls create support request for me, the board is empty", ["pls create support request for me", "the board is empty"]),
        ("Please pass this on to your team as a bug: cards jump", ["Please pass this on to your team as a bug", "cards jump"]),
        ("the board is empty, get me support", ["the board is empty", "get me support"]),
        ("nobody knows it, let me talk with them", ["nobody knows it", "let me talk with them"]),
        ("if the board stays empty, can I talk to a person", []),
        ("How do I send this report to my team, and to theirs?", []),
        ("And how do I undo it? And also who may?", ["And how do I undo it?", "who may?"]),
        ("We sell cars and also do repairs", []),
        ("Who may export and do we see it", ["Who may export", "do we see it"]),
        ("What does it cost and do invoices come by mail?", ["What does it cost", "do invoices come by mail?"]),
        ("I restarted and do not see any change", []),
        ("ok forget the printer. who may merge", ["who may merge"]),
        ("Never mind the old file, who may merge", ["who may merge"]),
        ("forget the printer and the scanner", []),
        ("Never mind the ticket. It was my browser", ["Never mind the ticket.", "It was my browser"]),
        ("pls make ticket, the board is empty", ["pls make ticket", "the board is empty"]),
    ],
)
def test_questions_are_cut_apart(text: str, parts: list[str]) -> None:
    """A message is cut into its separate questions, and one that asks a single thing is not cut."""
    assert clauses(text) == parts


def test_a_long_story_is_not_cut() -> None:
    """A long story, or one of many sentences, is left whole, as its parts belong together."""
    assert clauses("It failed today again. " * 30) == []
    assert clauses("This is one. " * (MOST_CLAUSES + 1)) == []


def test_of_a_long_story_the_wish_for_a_person_is_kept() -> None:
    """A sentence of a long story that does nothing but wish for a person is read by itself, and so is a person in one word."""
    told = "The owner has left. The account runs on his name. I have no access to his mail. Nobody knows which papers you want."
    assert clauses(f"{told} I need help from a real employee please.") == ["I need help from a real employee please."]
    assert clauses("Human. Three of us can't wait any longer.") == ["Human.", "Three of us can't wait any longer."]
    assert clauses(f"{told} He was an agent of ours and a nice person.") == []


def test_of_a_long_story_the_questions_are_kept() -> None:
    """Where a message has more clauses than can be read, its two questions are still heard."""
    story = "It failed today again. " * 30
    assert clauses(f"{story}Where is my import? Are you open now?") == ["Where is my import?", "Are you open now?"]


def test_clauses_hold_all_words_of_the_message() -> None:
    """Nothing but joining words is lost by cutting."""
    text = "Where are my invoices? And how do I undo an import?"
    joined = " ".join(clauses(text)).lower()
    assert all(word.strip("?,").lower() in joined for word in text.split() if word.lower() != "and")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Ive been burned by other firms What am I promised",
            ["Ive been burned by other firms", "What am I promised"],
        ),
        ("I've been burned before. what am I promised", ["I've been burned before.", "what am I promised"]),
        ("How Do I Export My Contacts From The List", []),
        ("where is the page What is new, I cannot find it", []),
        ("my deals are gone and I can't find them", []),
    ],
)
def test_a_capital_ends_the_sentence_where_nothing_else_does(text: str, parts: list[str]) -> None:
    """A message without any marks is cut before a function word with a capital, unless capitals stand everywhere."""
    assert clauses(text) == parts
