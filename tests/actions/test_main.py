from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import __main__ as server
from actions.composition import Services, install
from desk.database import migrate
from index.encoder import OnnxEncoder
from index.errors import VersionError


class Watched:
    """A knowledge base whose refreshes go as told, one after the other; then the watch is stopped."""

    version = "000002"

    def __init__(self, outcomes: list[bool | Exception]) -> None:
        self.outcomes: Iterator[bool | Exception] = iter(outcomes)
        self.asked = 0

    def refresh(self) -> bool:
        """The next outcome."""
        outcome = next(self.outcomes, None)
        if outcome is None:
            raise asyncio.CancelledError
        self.asked += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_broken_version_does_not_end_the_watch(
    built: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A published index that cannot be opened is logged once, and the next one is still picked up."""
    watched = Watched([False, VersionError("half copied"), VersionError("half copied"), True])
    install(replace(built, knowledge=watched))  # type: ignore[arg-type]
    monkeypatch.setattr(server, "REFRESH_SECONDS", 0.0)
    caplog.set_level("INFO", "actions")
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(server._refresh_forever())
    assert watched.asked == 4
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert "000002" in caplog.records[1].getMessage()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("PORT", "http", "PORT"), ("POLICY_FILE", "/no/such/policy.yml", "policy.yml"), ("MODEL_DIR", "/no/such", "models fetch")],
)
def test_what_cannot_start_says_why(
    name: str, value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that cannot start names the reason in one line and ends with exit code 1."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)
    assert server.main() == 1
    error = capsys.readouterr().err
    assert error.startswith("actions cannot start: ") and said in error and error.count("\n") == 1


def test_the_services_are_those_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Services) -> None:
    """What the actions work with is opened where the settings say."""
    opened: dict[str, Any] = {}
    monkeypatch.setattr(OnnxEncoder, "load", lambda folder, threads: opened.setdefault("encoder", folder))
    monkeypatch.setattr(server.KnowledgeBase, "open", lambda folder, encoder: opened.setdefault("index", folder))
    current = server.settings.load({"DATA_DIR": str(tmp_path), "KB_ENCODER": "all-MiniLM-L6-v2", "HELP_URL": "/hilfe"})
    migrate(current.database_url)
    made = server.build(current)
    assert opened == {"encoder": tmp_path / "models" / "all-MiniLM-L6-v2", "index": tmp_path / "index"}
    assert made.links.help == "/hilfe" and made.policy.version == built.policy.version
    assert made.tickets.list() == () and (tmp_path / "support.db").is_file()
    made.tickets._database.close()
