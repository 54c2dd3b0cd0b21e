"""The policy that the tests of this room read."""

from __future__ import annotations

import pytest

from policy.document import PolicyDocument, load_policy


@pytest.fixture(scope="session")
def policy() -> PolicyDocument:
    """The policy as it is published."""
    return load_policy()
