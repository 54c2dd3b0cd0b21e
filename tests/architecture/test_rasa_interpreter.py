"""The rooms of Rasa's process run on its own interpreter, and so do their tests."""

from __future__ import annotations

import subprocess

from launch.environments import RASA, tool
from tests.architecture.source import ROOT


def test_the_tests_of_bot_pass_in_rasas_environment() -> None:
    """``tests/bot`` needs Rasa, which this interpreter cannot have: it is run with Rasa's, and every test passes."""
    words = [tool(RASA, "python"), "-m", "pytest", "tests/bot"]
    result = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
