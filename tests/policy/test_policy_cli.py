"""The commands `support promise` and `support policy`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import settings
from policy import cli
from policy.clock import ClockError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process and gives what it prints."""

    def run_command(*arguments: str) -> str:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        args = parser.parse_args(arguments)
        environ = {"DATA_DIR": str(tmp_path), "SUPPORT_NOW": "2026-11-24T14:00+00:00"}
        assert args.run(args, settings.load(environ)) == 0
        return capsys.readouterr().out

    return run_command


def test_one_promise_as_json(run: Any) -> None:
    """The contract's example gives the contract's object."""
    out = run(
        "promise",
        "--at",
        "2026-12-24T16:30",
        "--tz",
        "Europe/London",
        "--region",
        "GB-SCT",
        "--plan",
        "enterprise",
        "--json",
    )
    found = json.loads(out)
    assert found["reply_by"] == "2026-12-29T16:30:00+00:00"
    assert found["plan"] == "enterprise" and found["certainty"] == "exact"


def test_one_promise_for_people(run: Any) -> None:
    """Without --json the promise reads in plain words, and without --at it is for now."""
    out = run("promise", "--tz", "Europe/London", "--region", "GB")
    assert out.startswith("Reply by: 2026-11-25 14:00+00:00\n")
    assert "not promised (region_unknown)" in run("promise", "--tz", "UTC")
    assert "Skipped:  2026-12-25 Christmas Day" in run("promise", "--at", "2026-12-24T16:30Z", "--tz", "UTC", "--region", "GB")


def test_a_missing_time_zone_still_answers(run: Any) -> None:
    """A time without an offset and without a time zone gives the rule, not an error."""
    found = json.loads(run("promise", "--at", "2026-12-24T16:30", "--region", "DE", "--json"))
    assert (found["certainty"], found["at"]) == ("timezone_unknown", "2026-12-24T16:30:00")


@pytest.mark.parametrize(
    "at",
    [
        "nope",
        "2026-12-24",
        "20261224",
        "2026-12-24Z",
        "2026-12-24+01:00",
        "2026-12-24-05:00",
        "2026-13-24T10:00",
        "2026-12-24T25:00",
        "",
        "Z",
    ],
)
def test_a_time_that_cannot_be_read_is_refused_with_advice(at: str) -> None:
    """The message shows what a time looks like; a date is none, and its offset is never read as an hour of the day."""
    with pytest.raises(cli.CaseError, match="write a date and time such as"):
        cli.read_instant(at)


@pytest.mark.parametrize(
    "at", ["2026-12-24T16:30", "2026-12-24 16:30", "20261224T1630", "2026-12-24t16:30:00", "2026-W52-4T16:30"]
)
def test_every_way_of_writing_the_same_time_is_read(at: str) -> None:
    """ISO 8601 knows several forms of a date and time; all are the same instant."""
    assert cli.read_instant(at) == datetime(2026, 12, 24, 16, 30)


def test_an_empty_time_is_not_now(run: Any) -> None:
    """`--at ""`, as from a variable that is not set, is refused: it must not quietly promise for this minute."""
    with pytest.raises(cli.CaseError, match="write a date and time such as"):
        run("promise", "--at", "", "--tz", "UTC", "--region", "GB")


def test_an_impossible_single_case_is_an_error_for_the_person(run: Any) -> None:
    """A plan that is none, or a time at the end of the calendar, raises an error with advice."""
    with pytest.raises(cli.CaseError, match="starter, professional, enterprise"):
        run("promise", "--at", "2026-12-24T16:30", "--tz", "UTC", "--region", "DE", "--plan", "gold")
    with pytest.raises(ClockError, match="write a year"):
        run("promise", "--at", "9999-12-31T23:30+00:00", "--tz", "Asia/Tokyo", "--region", "JP")


def test_a_batch_answers_every_line_and_goes_on_after_bad_ones(run: Any, tmp_path: Path) -> None:
    """Each line gets its answer or an error with its id (null for invalid JSON); nothing stops the rest."""
    lines: list[bytes] = [
        b'\xef\xbb\xbf{"id": 1, "at": "2026-12-24T16:30", "tz": "Europe/London", "region": "GB-SCT"}',
        b"not json",
        b"\xff\xfe",
        b"[" * 100000,
        b"",
        b"[1]",
        b'{"id": "a"}',
        b'{"id": "b", "at": "nope"}',
        b'{"id": "c", "at": 5}',
        b'{"id": "d", "at": "2026-12-24T16:30", "tz": ["UTC"]}',
        b'{"id": "e", "at": "9999-12-31T23:30Z", "tz": "Asia/Tokyo", "region": "JP"}',
        b'{"id": "f", "at": "2026-12-24T16:30", "plan": "gold"}',
        b'{"id": "g", "at": "2026-11-24T10:00Z", "tz": null, "region": null, "plan": null, "more": 1}',
        b'{"id": "h", "at": "2026-11-24T10:00Z", "tz": "UTC", "region": "de-by", "plan": "Starter"}',
    ]
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\n".join(lines))
    answers = [json.loads(line) for line in run("promise", "--batch", str(file), "--json").splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, None, None, *"abcdefgh"]
    assert [("error" in answer) for answer in answers] == [False, *[True] * 10, False, False]
    assert all(set(answer) == {"id", "error"} for answer in answers if "error" in answer)
    assert list(answers[0])[:3] == ["id", "at", "timezone"]
    assert [answers[n]["certainty"] for n in (0, -2, -1)] == ["exact", "timezone_unknown", "exact"]
    assert (answers[-1]["region"], answers[-1]["plan"]) == ("DE-BY", "starter")


def test_an_odd_id_ends_no_batch(run: Any, tmp_path: Path) -> None:
    """An id that is no Unicode text comes back as it was given, one that is no JSON is an error: what is printed can be read."""
    case = '"at": "2026-12-24T16:30", "tz": "Europe/London", "region": "GB-SCT"}'
    ids = [r'"\ud800"', "NaN", "-Infinity", '"Åse"']
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(f'{{"id": {each}, {case}' for each in ids), encoding="utf-8")
    out = run("promise", "--batch", str(file), "--json")
    out.encode("utf-8")
    assert "NaN" not in out and "Infinity" not in out and "Åse" in out
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["id"] for answer in answers] == ["\ud800", None, None, "Åse"]
    assert [("error" in answer) for answer in answers] == [False, True, True, False]


def test_a_batch_file_that_is_not_there_is_an_error_for_the_person(run: Any, tmp_path: Path) -> None:
    """The operating system's message names the file."""
    with pytest.raises(OSError, match=r"none\.jsonl"):
        run("promise", "--batch", str(tmp_path / "none.jsonl"))


def test_the_policy_can_be_shown_and_checked(run: Any) -> None:
    """`show` prints the sections, `check` counts what it found in order."""
    assert "\n5. Priority Support (Available for Enterprise Users)\n" in run("policy", "show")
    assert "9 sections, 10 integrations" in run("policy", "check")


def test_what_rasa_needs_of_the_policy_loads_without_the_holiday_data() -> None:
    """The Rasa process imports these modules, and its environment has no holiday data."""
    code = (
        "import sys; sys.modules['holidays'] = sys.modules['pycountry'] = None\n"
        "import policy.document, policy.applications, policy.versions, policy.statements\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
