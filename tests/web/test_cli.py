from __future__ import annotations

import argparse
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import settings
from tests.web.world import CHANNEL_SECRET, SECRET, World
from web import cli
from web.identity import IdentityVerifier


def loaded(folder: Path, port: int) -> settings.Settings:
    """Settings that point to the running application."""
    return settings.load(
        {
            "PORT": str(port),
            "DATA_DIR": str(folder),
            "WIDGET_IDENTITY_SECRET": SECRET,
            "CHANNEL_SECRET": CHANNEL_SECRET,
            "SESSION_SECRET": CHANNEL_SECRET,
        }
    )


def run(arguments: list[str], given: settings.Settings) -> int:
    """One command."""
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed, given))


def test_ask_prints_the_turn(live: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json gives conversation, message and replies; the conversation can be gone on with."""
    given = loaded(tmp_path, urlsplit(live.url).port or 0)
    assert (
        run(
            ["ask", "hello", "--plan", "enterprise", "--region", "DE-BY", "--tz", "Europe/Berlin", "--json"],
            given,
        )
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"conversation_id", "message", "replies"} and told["replies"][0]["role"] == "bot"
    assert live.backends.turns[-1]["identity"]["plan"] == "enterprise"
    assert run(["ask", "again", "--conversation", told["conversation_id"]], given) == 0
    assert capsys.readouterr().out == "Open **Settings**.\n"
    assert live.backends.turns[-1]["conversation_id"] == told["conversation_id"]


def test_ask_tells_a_refusal(live: World, tmp_path: Path) -> None:
    """What the system refuses is told with its reason."""
    given = loaded(tmp_path, urlsplit(live.url).port or 0)
    with pytest.raises(cli.AskError, match="no such conversation"):
        run(["ask", "hello", "--conversation", "nothing"], given)


def test_ask_without_the_system_says_what_to_do(tmp_path: Path) -> None:
    """Where nothing listens the error says how to start."""
    with pytest.raises(cli.AskError, match="make run"):
        run(["ask", "hello"], loaded(tmp_path, 9))


def test_token_prints_a_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The printed token verifies with the claims asked for."""
    assert (
        run(
            [
                "token",
                "--sub",
                "u1",
                "--plan",
                "enterprise",
                "--region",
                "US-CA",
                "--tz",
                "America/Los_Angeles",
            ],
            loaded(tmp_path, 9),
        )
        == 0
    )
    identity = IdentityVerifier(SECRET).verify(capsys.readouterr().out.strip()).identity
    assert (identity.sub, identity.plan, identity.region, identity.tz) == (
        "u1",
        "enterprise",
        "US-CA",
        "America/Los_Angeles",
    )
    with pytest.raises(cli.AskError, match="lifetime"):
        run(["token", "--lifetime", "999999"], loaded(tmp_path, 9))


def test_unanswered_prints_the_work_list(live: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The groups with counts and conversations, most asked first; --json gives the same to programs; states are filtered."""
    live.backends.reply = {"text": "I do not know.", "decision": "unknown"}
    talks = [live.start() for _ in range(3)]
    for talk, text in zip(talks, ("delete my team", "export to xls", "export to xls"), strict=True):
        live.say(talk, text, "k1")
    given = loaded(tmp_path, 1)
    assert run(["unanswered", "--by", "wording"], given) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].strip().startswith("2  export to xls  (2 unknown;") and talks[2] in lines[1] + lines[2]
    assert lines[3].strip().startswith("1  delete my team")
    assert run(["unanswered", "--by", "wording", "--json", "--days", "36500"], given) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(group["question"], group["count"], group["reasons"]) for group in told["groups"]] == [
        ("export to xls", 2, {"unknown": 2}),
        ("delete my team", 1, {"unknown": 1}),
    ]
    assert told["by"] == "wording" and told["groups"][1]["questions"][0]["conversation_id"] == talks[0]
    assert run(["unanswered", "--by", "wording", "--state", "done"], given) == 0
    assert capsys.readouterr().out == ""
    with pytest.raises(ValueError, match="from 1"):
        run(["unanswered", "--by", "wording", "--days", "0"], given)
    with pytest.raises(ValueError, match="to 36500"):
        run(["unanswered", "--by", "wording", "--days", "4000000"], given)
