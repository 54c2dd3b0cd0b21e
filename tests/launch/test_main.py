from __future__ import annotations

import pytest

from launch import __main__ as launch_main
from launch.steps import StepFailed
from settings import SettingsError

STEPS = ["environments", "prepare", "run"]
FAILURES = [
    StepFailed("no network; connect and try again"),
    SettingsError("PORT is 'x'; write a number"),
    PermissionError(13, "Permission denied", "/srv/var/secrets"),
]


@pytest.mark.parametrize("arguments", [[], ["go"], ["setup", "run"]])
def test_other_words_get_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Anything but the three commands gets the usage and exit code 2."""
    assert launch_main.main(arguments) == 2
    assert "setup|prepare|run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "done"),
    [(["setup"], STEPS[:1]), (["prepare"], STEPS[:2]), (["run"], STEPS)],
)
def test_each_command_includes_the_one_before(arguments: list[str], done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``prepare`` includes the set-up, ``run`` includes both."""
    seen: list[str] = []
    monkeypatch.setattr(launch_main, "make_environments", lambda: seen.append("environments"))
    monkeypatch.setattr(launch_main, "prepare", lambda settings: seen.append("prepare"))
    monkeypatch.setattr(launch_main, "run", lambda settings: seen.append("run"))
    assert launch_main.main(arguments) == 0
    assert seen == done


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_failure_is_one_line(failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the person can mend is said in one line without a traceback, with exit code 1."""

    def broken() -> None:
        raise failure

    monkeypatch.setattr(launch_main, "make_environments", broken)
    assert launch_main.main(["setup"]) == 1
    assert capsys.readouterr().err == f"error: {failure}\n"
