from __future__ import annotations

import socket

import pytest

import settings
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
    monkeypatch.setattr(launch_main, "require_free_ports", lambda settings: None)
    monkeypatch.setattr(launch_main, "make_environments", lambda: seen.append("environments"))
    monkeypatch.setattr(launch_main, "prepare", lambda settings: seen.append("prepare"))
    monkeypatch.setattr(launch_main, "run", lambda settings: seen.append("run"))
    assert launch_main.main(arguments) == 0
    assert seen == done


def test_a_taken_port_is_named_before_any_work(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`make run` beside another one says which port is taken and which setting moves it, instead of failing again and again."""
    monkeypatch.setattr(launch_main, "make_environments", lambda: pytest.fail("work was begun"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = settings.load({"RASA_PORT": str(port)})
        monkeypatch.setattr(launch_main, "load_settings", lambda: ports)
        assert launch_main.main(["run"]) == 1
    said = capsys.readouterr().err
    assert str(port) in said and "RASA_PORT" in said


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_failure_is_one_line(failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the person can mend is said in one line without a traceback, with exit code 1."""

    def broken() -> None:
        raise failure

    monkeypatch.setattr(launch_main, "make_environments", broken)
    assert launch_main.main(["setup"]) == 1
    assert capsys.readouterr().err == f"error: {failure}\n"
