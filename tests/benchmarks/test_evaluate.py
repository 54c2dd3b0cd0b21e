from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import conversations, evaluate
from benchmarks.evaluate import CHOICES, Step, main, steps, take


def breaks(folder: Path) -> None:
    """A measurement that cannot be made."""
    raise RuntimeError("the encoder is missing")


def test_a_step_that_fails_says_what_helps_and_the_others_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command fails, names the reason and what to do, measures the rest, and reports no old figures of the failed step."""
    (tmp_path / "old.json").write_text("{}")
    taken: list[Path] = []
    assert (
        take([Step("first", ("old.json",), breaks, "`make prepare` helps"), Step("second", (), taken.append, "")], tmp_path) == 1
    )
    said = capsys.readouterr().err
    assert "the encoder is missing" in said and "`make prepare` helps" in said and "--only first" in said
    assert taken == [tmp_path] and not (tmp_path / "old.json").exists()
    assert (tmp_path / "report.md").exists()


def test_steps_that_all_succeed_end_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 0; each step is announced, and the report's place is told."""
    assert take([Step("first", (), lambda folder: None, "")], tmp_path / "new") == 0
    said = capsys.readouterr()
    assert "1 of 1: first" in said.err and "report.md" in said.out


def test_clinc_is_a_step_only_where_its_file_is_named(tmp_path: Path) -> None:
    """Nothing is downloaded: foreign data comes by path."""
    own = [step.name for step in steps([], tmp_path, None)]
    assert own == ["intents", "messages", "conversations", "search"]
    assert [step.name for step in steps([], tmp_path, tmp_path / "data_full.json")] == [*own[:3], "clinc", "search"]


def test_every_step_can_be_taken_alone(tmp_path: Path) -> None:
    """``--only`` knows the steps that there are, and no other."""
    assert [step.name for step in steps([], tmp_path, tmp_path)] == list(CHOICES)


@pytest.mark.parametrize(
    "words", [["no_such.jsonl"], ["--conversations", "no_such.jsonl"], ["--clinc", "no_such.json"], ["--only", "clinc"]]
)
def test_what_cannot_be_measured_is_told_at_once(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, or a step without its file, ends the command before minutes are spent."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "no_such" in (said := capsys.readouterr().err) or "--clinc" in said


@pytest.mark.parametrize("breaks_down", [False, True])
def test_conversations_are_played_on_a_system_that_is_stopped(
    breaks_down: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The step starts the system, writes conversations.json of what was played there, and stops it, also where playing fails."""
    told: list[str] = []

    class System:
        """Starts nothing, and tells what was asked of it."""

        url, settings = "http://here", SimpleNamespace(widget_identity_secret="secret")

        def __init__(self, folder: Path) -> None:
            assert folder.is_dir()

        def start(self) -> System:
            told.append("started")
            return self

        def stop(self) -> None:
            told.append("stopped")

    def play(file: Path, url: str, secret: str) -> dict[str, Any]:
        told.append(f"{file.name} at {url} with {secret}")
        if breaks_down:
            raise RuntimeError("no answer")
        figures = {"conversations": 1, "turns": 1, "conversations_right": 1.0, "turns_right": 1.0}
        return {**figures, "share": {}, "of": {}, "by_behaviour": {}, "wrong": []}

    monkeypatch.setattr(evaluate, "RunningSystem", System)
    monkeypatch.setattr(conversations, "evaluate", play)
    step = next(step for step in steps([], tmp_path / "talks.jsonl", None) if step.name == "conversations")
    assert take([step], tmp_path) == int(breaks_down)
    assert told == ["started", "talks.jsonl at http://here with secret", "stopped"]
    assert (tmp_path / "conversations.json").exists() is not breaks_down
    if not breaks_down:
        assert json.loads((tmp_path / "conversations.json").read_text())["turns"] == 1
        assert "| all | 1 | 1 | 1.000 | 1.000 |" in capsys.readouterr().out
