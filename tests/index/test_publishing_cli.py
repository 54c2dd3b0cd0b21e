from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import desk.cli
import settings
from desk.audit import AuditLog
from desk.database import migrate, open_database
from index import cli
from index.errors import GoldenError
from tests.index.conftest import Workshop
from tests.index.test_publishing import GOLDEN, INVOICES, RIVAL

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def current(workshop: Workshop, tmp_path: Path) -> settings.Settings:
    """Settings of an installation whose index and content are the workshop's."""
    workshop.write("golden.yml", GOLDEN)
    return settings.load(
        {
            "DATA_DIR": str(tmp_path / "var"),
            "INDEX_DIR": str(workshop.index),
            "CONTENT_DIR": str(workshop.content),
            "KB_ENCODER": "hashing-32",
            "SUPPORT_NOW": "2026-11-23T09:00:00+00:00",
        }
    )


@pytest.fixture
def run(current: settings.Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as ann, its audit entries going where `support` writes them; exit code and what it prints."""

    def run_command(*words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers(), desk.cli.audited)
        acting = ("build", "publish", "rollback")
        args = parser.parse_args(["kb", *words, *(["--by", "ann"] if words[0] in acting else [])])
        return args.run(args, current), capsys.readouterr().out

    return run_command


def rival(workshop: Workshop) -> None:
    """A page that takes a golden question's first place."""
    workshop.write("articles/billing/rival.md", RIVAL)


def test_a_refusal_shows_the_questions_and_its_code_is_not_zero(run: Run, workshop: Workshop) -> None:
    """The editor reads which question moved from which place to which, what stays live, and how to go on."""
    first = json.loads(run("build", "--json")[1])["version"]
    rival(workshop)
    run("build")
    code, text = run("publish")
    assert code == 1
    assert "refused: golden questions in first place: 3 before, 2 now; at most 0 may be lost" in text
    assert "worse: 'download one invoice': place 1 -> place 2, first is rival" in text
    assert f"live: {first} as before" in text and "--force REASON" in text
    code, text = run("publish", "--json")
    refused = json.loads(text)
    assert (code, refused["live"], refused["published"]) == (1, first, False)
    assert refused["decision"]["changes"][0]["question"] == "download one invoice"


def test_force_and_why_stand_in_status_and_audit_log(run: Run, workshop: Workshop, current: settings.Settings) -> None:
    """Who did what when and why is in the index's history and in the desk's audit log alike."""
    run("build", "--why", "start")
    rival(workshop)
    second = json.loads(run("build", "--json")[1])["version"]
    run("publish", "--why", "Monday's batch")
    code, text = run("publish", "--why", "Monday's batch", "--force", "the rival is better")
    assert code == 0 and f"live: {second}" in text
    run("rollback", "--why", "a typo")
    text = run("status")[1]
    assert f"publish {second} by ann (Monday's batch); forced past the gate: the rival is better" in text
    assert "by ann (a typo)" in text and "(start)" in text and "added: articles/billing/rival.md" in text
    database = open_database(current.database_url)
    try:
        entries = AuditLog(database).list()
    finally:
        database.close()
    assert [entry.action for entry in entries] == [
        "kb.build",
        "kb.publish",
        "kb.build",
        "kb.refused",
        "kb.publish",
        "kb.rollback",
    ]
    assert {entry.actor for entry in entries} == {"ann"} and entries[4].detail["forced"] == "the rival is better"
    assert entries[5].detail["why"] == "a typo"


def test_another_index_than_the_installations_is_nobodys_business(run: Run, tmp_path: Path, current: settings.Settings) -> None:
    """Trying out somebody's folder in an index of its own leaves the audit log alone."""
    assert run("build", "--index", str(tmp_path / "elsewhere"))[0] == 0
    migrate(current.database_url)
    database = open_database(current.database_url)
    try:
        assert AuditLog(database).list() == ()
    finally:
        database.close()


def test_a_database_that_is_away_stops_no_publication(
    run: Run, workshop: Workshop, current: settings.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """The index's own history has the event, and the person is warned."""
    run("build")
    workshop.write(INVOICES, (workshop.content / INVOICES).read_text().replace("Every", "Each"))
    run("build")
    folder = Path(current.database_url.removeprefix("sqlite:///"))
    folder.unlink()
    folder.mkdir()
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers(), desk.cli.audited)
    args = parser.parse_args(["kb", "publish", "--by", "ann"])
    assert args.run(args, current) == 0
    assert "could not be entered into the audit log" in capsys.readouterr().err
    assert json.loads(run("status", "--json")[1])["history"][-1]["action"] == "publish"


def test_a_build_warns_of_what_will_stop_its_publication(run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor hears of errors when building and not only when publishing."""
    said: list[str] = []
    monkeypatch.setattr(cli, "progress", said.append)
    run("build")
    assert not any("errors" in line for line in said)
    workshop.write(INVOICES, (workshop.content / INVOICES).read_text().replace("area: billing", "area: money"))
    run("build")
    assert "warning: the content has 1 errors, with which it will not be published; see `support kb check`" in said


def test_golden_shows_each_question(run: Run, workshop: Workshop) -> None:
    """The table tells place and page of each question, the JSON the same; a version can be named."""
    first = json.loads(run("build", "--json")[1])["version"]
    rival(workshop)
    second = json.loads(run("build", "--json")[1])["version"]
    assert "3 of 3 in first place" in run("golden")[1]
    text = run("golden", "--candidate")[1]
    assert "2 of 3 in first place" in text and "find-invoices: place 2, first is rival" in text
    card = json.loads(run("golden", "--version", first, "--json")[1])
    assert (card["version"], card["first"], card["outcomes"][0]["rank"]) == (first, 3, 1)
    code, text = run("golden", "--compare", "--json")
    decision = json.loads(text)
    assert (code, decision["version"], decision["live"], decision["passed"]) == (1, second, first, False)


def test_golden_without_questions_says_where_to_write_them(run: Run, workshop: Workshop, tmp_path: Path) -> None:
    """A folder without golden.yml is named as such, and --content gives another one."""
    (workshop.content / "golden.yml").unlink()
    run("build")
    with pytest.raises(GoldenError, match=r"no golden\.yml; give its folder with --content"):
        run("golden")
    (tmp_path / "golden.yml").write_text(GOLDEN)
    assert run("golden", "--content", str(tmp_path))[0] == 0
    assert run("golden", "--compare", "--content", str(tmp_path))[0] == 0
