"""The command line as a whole, beside what each room's own tests say of its commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from settings import ROOT


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    """`support promise --batch FILE | head -1` ends quietly: no message, no traceback, exit code 0."""
    cases = tmp_path / "cases.jsonl"
    line = json.dumps({"id": "x", "at": "2026-05-01T16:30", "tz": "Europe/London", "region": "GB-SCT"})
    cases.write_text(f"{line}\n" * 3000, encoding="utf-8")
    command = [sys.executable, "-m", "support", "promise", "--batch", str(cases)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read().decode()
    assert (running.returncode, said) == (0, "")
