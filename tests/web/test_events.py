from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.web.world import NOW, World, world


@contextmanager
def stream(live: World, conversation: str, headers: dict[str, str] | None = None, after: int = 0) -> Iterator[Iterator[str]]:
    """The lines of an event stream."""
    path = f"/api/v1/conversations/{conversation}/events"
    with (
        httpx.Client(base_url=live.url, timeout=10) as client,
        client.stream("GET", path, params={"after": after}, headers={**live.headers(), **(headers or {})}) as answer,
    ):
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
        yield answer.iter_lines()


def take(lines: Iterator[str], count: int) -> list[tuple[int, dict[str, Any]]]:
    """The next events: id and message."""
    events: list[tuple[int, dict[str, Any]]] = []
    number = 0
    for line in lines:
        if line.startswith("id: "):
            number = int(line[4:])
        elif line.startswith("data: "):
            events.append((number, json.loads(line[6:])))
            if len(events) == count:
                break
    return events


def test_replies_and_staff_come_as_events(live: World) -> None:
    """What was said before and what is said now comes in order, with the sequence number as id; not the
    customer's own.
    """
    conversation = live.start()
    live.say(conversation, "hello", "k1")
    with stream(live, conversation) as lines:
        assert [(number, message["role"]) for number, message in take(lines, 1)] == [(2, "bot")]
        live.parts.log.append(conversation, "staff", "I am here.\nAna", NOW)
        live.parts.log.append(conversation, "system", "Back to the assistant.", NOW)
        events = take(lines, 2)
    assert [(number, message["role"]) for number, message in events] == [(3, "staff"), (4, "system")]
    assert events[0][1]["text"] == "I am here.\nAna" and "<p>" in events[0][1]["html"]


def test_a_reconnect_goes_on_where_it_was(live: World) -> None:
    """Last-Event-ID, and ?after= likewise, gives only what came later; the header counts more."""
    conversation = live.start()
    for number in range(3):
        live.say(conversation, "hello", f"k{number}")
    with stream(live, conversation, {"Last-Event-ID": "4"}) as lines:
        assert [number for number, _ in take(lines, 1)] == [6]
    with stream(live, conversation, after=2) as lines:
        assert [number for number, _ in take(lines, 2)] == [4, 6]
    with stream(live, conversation, {"Last-Event-ID": "5"}, after=1) as lines:
        assert [number for number, _ in take(lines, 1)] == [6]


def test_a_silent_stream_beats(live: World) -> None:
    """A stream on which nothing happens sends comments, so that proxies keep it and a dead one is noticed."""
    with stream(live, live.start()) as lines:
        assert next(line for line in lines if line.startswith(":"))


def test_a_stream_ends_with_its_token(live: World) -> None:
    """A stream is good for no longer than the token that opened it."""
    conversation, token = live.start(), live.token(lifetime=1)
    began = time.monotonic()
    with stream(live, conversation, {"Authorization": f"Bearer {token}"}) as lines:
        for _ in lines:
            pass
    assert time.monotonic() - began < 5


def test_a_customer_has_a_few_streams(tmp_path: Path) -> None:
    """More streams than allowed are refused; a closed one makes room."""
    with world(tmp_path, streams_per_customer=1) as live:
        conversation = live.start()
        path = f"/api/v1/conversations/{conversation}/events"
        with stream(live, conversation) as lines:
            next(lines)
            assert live.client.get(path, headers=live.headers()).status_code == 429
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with live.client.stream("GET", path, headers=live.headers()) as answer:
                if answer.status_code == 200:
                    return
        raise AssertionError("the closed stream was never let go")


def test_a_stream_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    """With a stream open the server still stops within its time."""
    with world(tmp_path) as live:
        opened = stream(live, live.start())
        lines = opened.__enter__()
        next(lines)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    opened.__exit__(None, None, None)
