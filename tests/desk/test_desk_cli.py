"""The desk's commands."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

import settings
from desk import cli
from desk.article_feedback import ArticleFeedback
from desk.conversations import ConversationLog, ReplyDraft
from desk.database import open_database
from desk.staff import StaffAccounts, StaffError
from desk.tickets import TicketNotFound, Tickets
from tests.desk.conftest import ADA, NOW, later, request_for

PASSWORD = "correct horse battery"


@pytest.fixture
def run(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command and gives what it prints."""

    def run_command(*arguments: str) -> str:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        args = parser.parse_args(arguments)
        assert args.run(args, settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": url})) == 0
        return capsys.readouterr().out

    return run_command


@pytest.fixture
def number(run: Any, url: str) -> str:
    """A ticket with a talk before it and a reply after it."""
    run("db", "migrate")
    database = open_database(url)
    log, tickets = ConversationLog(database), Tickets(database)
    conversation = log.start(ADA, NOW)
    evidence = {"index_version": "v7", "policy_version": "1.0"}
    intent = {"name": "import_trouble", "confidence": 0.87}
    turn = log.begin_turn(conversation.id, "import stops", "c1", NOW)
    log.finish_turn(turn, [ReplyDraft("Save as UTF-8.", decision="answer", intent=intent, evidence=evidence)], NOW)
    ticket = tickets.open(request_for(conversation.id))
    tickets.note(ticket.number, "ana", "Encoding?", later(1))
    tickets.reply(ticket.number, "ana", "Which file?", later(2))
    database.close()
    return ticket.number


def test_migrating_says_that_it_is_done(run: Any) -> None:
    """The command may be run again and again."""
    assert run("db", "migrate") == run("db", "migrate") == "The schema is up to date.\n"


def test_an_account_is_made_with_a_password_from_standard_input(run: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password is read from a line and never printed."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert run("staff", "add", "ana", "--role", "senior", "--password-stdin") == "Account ana (senior) was made.\n"
    database = open_database(url)
    assert StaffAccounts(database).verify("ana", PASSWORD) is not None
    database.close()


def test_an_account_is_made_with_a_password_that_is_asked_for_twice(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two different answers are refused; so is a short one."""
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "other", "short", "short"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert PASSWORD not in run("staff", "add", "bob", "--role", "admin")
    with pytest.raises(cli.PasswordMismatch, match="differ"):
        run("staff", "add", "eve", "--role", "admin")
    with pytest.raises(StaffError, match="at least 12"):
        run("staff", "add", "eve", "--role", "admin")


def test_without_a_terminal_it_is_said_how_to_give_the_password(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack trace where nothing can be typed: the error names the option for a pipe."""

    def nothing(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nothing)
    with pytest.raises(cli.PasswordMismatch, match="--password-stdin"):
        run("staff", "add", "ana", "--role", "senior")


def test_tickets_are_listed(run: Any, number: str) -> None:
    """As lines for people and as JSON, narrowed by state and assignee."""
    line = run("tickets", "list")
    assert all(part in line for part in (number, "waiting", "normal", "2026-11-25T14:00:00+00:00", "Import stops"))
    listed = json.loads(run("tickets", "list", "--status", "waiting", "--json"))["tickets"]
    assert [ticket["number"] for ticket in listed] == [number]
    assert json.loads(run("tickets", "list", "--assignee", "bob", "--json")) == {"tickets": []}


def test_a_ticket_is_shown_with_promise_history_and_transcript(run: Any, number: str) -> None:
    """The JSON holds the promise as given, the events, and every message with the bot's evidence."""
    shown = json.loads(run("tickets", "show", number, "--json"))
    assert (shown["number"], shown["status"], shown["contact"]) == (number, "waiting", "ada@example.com")
    assert shown["promise"]["reply_by"] == shown["reply_by"] == "2026-11-25T14:00:00+00:00"
    assert [event["kind"] for event in shown["events"]] == ["opened", "noted", "replied"]
    assert [(m["seq"], m["role"], m["author"]) for m in shown["messages"]] == [
        (1, "user", None),
        (2, "bot", None),
        (3, "staff", "ana"),
    ]
    assert shown["messages"][1]["evidence"]["index_version"] == "v7"


def test_a_ticket_is_shown_for_people(run: Any, number: str) -> None:
    """The page names what staff look for first."""
    page = run("tickets", "show", number)
    for part in (
        number,
        "Northlight",
        "noted by ana: Encoding?",
        "1. user: import stops",
        "staff (ana): Which file?",
        "v7",
        "0.87",
    ):
        assert part in page


def test_a_ticket_that_is_not_there_is_an_error_for_the_person(run: Any) -> None:
    """On a fresh database too, whose schema the command brings up to date."""
    with pytest.raises(TicketNotFound, match="PR-12345"):
        run("tickets", "show", "PR-12345")


def test_votes_on_pages_are_listed(run: Any, url: str) -> None:
    """Editors see how often each revision of a page helped, as text and as JSON."""
    run("db", "migrate")
    database = open_database(url)
    for reader, helpful in (("r1", False), ("r2", True), ("r3", False)):
        ArticleFeedback(database).record("find-invoices", "0123456789ab", reader, helpful, NOW)
    database.close()
    assert run("articles", "votes") == "find-invoices 0123456789ab: 1 yes, 2 no\n"
    told = json.loads(run("articles", "votes", "find-invoices", "--json"))
    assert told == {"votes": [{"slug": "find-invoices", "revision": "0123456789ab", "helpful": 1, "unhelpful": 2}]}
    assert run("articles", "votes", "another") == ""
