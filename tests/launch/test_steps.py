from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from launch import steps
from launch.steps import StepFailed, fingerprint, run_step


class Step:
    """A step over an input file and an output file, which counts how often it ran."""

    def __init__(self, folder: Path) -> None:
        self.input, self.output, self.stamp = folder / "in", folder / "out", folder / "stamps" / "step"
        self.input.write_text("first")
        self.ran = 0

    def run(self, action: Callable[[], None] | None = None) -> bool:
        """Run it as `make` does; whether it ran."""
        return run_step("A step", self.stamp, fingerprint([self.input]), [self.output], action or self._act)

    def _act(self) -> None:
        self.ran += 1
        self.output.write_text("made")


@pytest.fixture
def step(tmp_path: Path) -> Step:
    """A step that never ran."""
    return Step(tmp_path)


def test_runs_once(step: Step) -> None:
    """A step runs the first time and not again while nothing changed."""
    assert step.run() is True
    assert step.run() is False
    assert step.ran == 1


def test_a_touched_file_does_not_rerun(step: Step) -> None:
    """A new time stamp alone, as a checkout gives it, reruns nothing."""
    step.run()
    os.utime(step.input, (1, 1))
    assert step.run() is False


def test_an_edited_file_reruns(step: Step) -> None:
    """Other bytes rerun the step, even with the old time stamp."""
    step.run()
    before = step.input.stat()
    step.input.write_text("other")
    os.utime(step.input, (before.st_atime, before.st_mtime))
    assert step.run() is True


def test_edited_back_reruns(step: Step) -> None:
    """Going back to old bytes reruns too: the output is of the last run, not of all runs."""
    step.run()
    step.input.write_text("other")
    step.run()
    step.input.write_text("first")
    assert step.run() is True


def test_a_missing_output_reruns(step: Step) -> None:
    """A step whose output was removed runs again."""
    step.run()
    step.output.unlink()
    assert step.run() is True


@pytest.mark.parametrize("failure", [StepFailed("no network"), KeyboardInterrupt()])
def test_an_interrupted_step_reruns(failure: BaseException, step: Step) -> None:
    """A step that failed or was interrupted runs again, though its output from before is there."""
    step.run()
    step.input.write_text("other")

    def broken() -> None:
        raise failure

    with pytest.raises(type(failure)):
        step.run(broken)
    assert step.run() is True
    step.input.write_text("first")
    with pytest.raises(type(failure)):
        step.run(broken)
    step.input.write_text("other")
    assert step.run() is True


def test_says_what_it_does(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    """A step that runs tells its name and its end; one that does not run says nothing."""
    step.run()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[setup] A step ..." and lines[1].startswith("[setup] A step: done in ")
    step.run()
    assert capsys.readouterr().out == ""


def test_the_fingerprint_is_of_names_and_bytes(tmp_path: Path) -> None:
    """Content, file name and further facts each change the fingerprint; the order of paths does not."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    base = fingerprint([one, two], "x")
    assert fingerprint([two, one], "x") == base
    assert fingerprint([one, two], "y") != base
    assert fingerprint([one], "x") != base
    one.rename(tmp_path / "three")
    assert fingerprint([tmp_path / "three", two], "x") != base
    two.write_text("c")
    assert fingerprint([tmp_path / "three", two], "x") != fingerprint([tmp_path / "three"], "x")


def test_a_folder_counts_with_all_below(tmp_path: Path) -> None:
    """A folder's fingerprint follows new, changed and removed files at any depth, but not compiled Python."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "page.md").write_text("text")
    base = fingerprint([tmp_path])
    (deep / "__pycache__").mkdir()
    (deep / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert fingerprint([tmp_path]) == base
    (deep / "more.md").write_text("")
    assert fingerprint([tmp_path]) != base
    (deep / "more.md").unlink()
    assert fingerprint([tmp_path]) == base
    (deep / "page.md").unlink()
    assert fingerprint([tmp_path]) != base


def test_a_file_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    """Naming a file beside its folder changes nothing."""
    (tmp_path / "x").write_text("a")
    assert fingerprint([tmp_path, tmp_path / "x"]) == fingerprint([tmp_path])


def test_the_project_may_lie_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the project count by their name within it, so that a moved working copy is not stale."""
    found = set()
    for name in ("here", "there"):
        root = tmp_path / name
        root.mkdir()
        (root / "config.yml").write_text("language: en")
        monkeypatch.setattr(steps, "ROOT", root)
        found.add(fingerprint([root / "config.yml"]))
    assert len(found) == 1
