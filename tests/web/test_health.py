from __future__ import annotations

from typing import Any

import pytest

from tests.web.world import World


def test_all_three_answer(live: World) -> None:
    """With everything up it is 200 with the versions of model, index and policy."""
    answer = live.client.get("/healthz")
    body = answer.json()
    assert answer.status_code == 200 and body["status"] == "ok" and body["down"] == []
    assert body["versions"] == {"model": "model-7", "index": "index-1", "policy": "2026-11"}


@pytest.mark.parametrize("part", ["rasa", "actions"])
def test_a_part_that_is_down_is_named(live: World, part: str) -> None:
    """Where one part does not answer it is 503 naming that part, without an inner address."""
    setattr(live.backends, f"{part}_up", False)
    answer = live.client.get("/healthz")
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 503 and body["down"] == [part]
    assert body[part]["status"] == "down" and "http" not in answer.text
