from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.world import World, world


@pytest.fixture
def live(tmp_path: Path) -> Iterator[World]:
    """A running application."""
    with world(tmp_path) as running:
        yield running
