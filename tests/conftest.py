"""What several rooms' tests share: the running system, started once a test run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # needs packages that Rasa's interpreter, which runs tests/bot, does not have
    from tests.running_system import RunningSystem

# A Friday before a public holiday on Monday (the early May bank holiday of the United Kingdom): promises have something to skip.
NOW = "2026-05-01T16:30:00+01:00"


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """rasa, actions and web with the trained model and the built index, on a clock that stands still."""
    from tests.running_system import RunningSystem

    running = RunningSystem(tmp_path_factory.mktemp("system"), {"SUPPORT_NOW": NOW})
    try:
        yield running.start()
    finally:
        running.stop()
