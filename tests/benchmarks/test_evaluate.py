from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.evaluate import Step, main, steps, take


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
    assert [step.name for step in steps([], None)] == ["intents", "messages", "search"]
    assert [step.name for step in steps([], tmp_path / "data_full.json")] == ["intents", "messages", "clinc", "search"]


@pytest.mark.parametrize("words", [["no_such.jsonl"], ["--clinc", "no_such.json"], ["--only", "clinc"]])
def test_what_cannot_be_measured_is_told_at_once(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, or a step without its file, ends the command before minutes are spent."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "no_such" in (said := capsys.readouterr().err) or "--clinc" in said
