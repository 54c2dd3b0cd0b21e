from __future__ import annotations

from typing import Any

import httpx
import pytest

from desk.identity import Identity
from tests.web.world import World
from web.problems import of_exception

API = "/api/v1/conversations"


def check(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The pinned shape of every error."""
    body: dict[str, Any] = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status and body["type"] == f"urn:piperocks:problem:{kind}"
    assert body["title"] and body["detail"]
    return body


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic YTpi", "Bearer not.a.token"])
def test_without_a_good_token_it_is_401(live: World, header: str | None) -> None:
    """No token, another scheme and a bad token are 401 with a challenge."""
    headers = {} if header is None else {"Authorization": header}
    for method, path in [
        ("POST", API),
        ("GET", f"{API}/x/messages"),
        ("GET", f"{API}/x/events"),
        ("POST", f"{API}/x/feedback"),
    ]:
        answer = live.client.request(method, path, headers=headers)
        check(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_conversation_of_another_is_not_there(live: World) -> None:
    """Each route answers another customer's conversation exactly as one that does not exist."""
    conversation, other = live.start(), live.headers(Identity("mallory"))
    body = {"text": "hello", "client_message_id": "k1", "message_id": "m", "helpful": True}
    for method, part in [("GET", "messages"), ("POST", "messages"), ("GET", "events"), ("POST", "feedback")]:
        answers = [
            live.client.request(method, f"{API}/{each}/{part}", headers=other, json=body if method == "POST" else None)
            for each in (conversation, "00000000-0000-4000-8000-000000000000", "no-uuid")
        ]
        told = [check(answer, 404, "not-found") for answer in answers]
        assert told[0] == told[1] == told[2]
    assert live.read(conversation) == []


@pytest.mark.parametrize(
    "body, kind",
    [
        ({"text": "", "client_message_id": "k"}, "invalid-text"),
        ({"text": "  \n\t ", "client_message_id": "k"}, "invalid-text"),
        ({"text": "\x00", "client_message_id": "k"}, "invalid-text"),
        ({"text": "x" * 20_001, "client_message_id": "k"}, "invalid-text"),
        ({"text": 7, "client_message_id": "k"}, "invalid-text"),
        ({"client_message_id": "k"}, "invalid-text"),
        ({"text": "x"}, "invalid-client-message-id"),
        ({"text": "x", "client_message_id": ""}, "invalid-client-message-id"),
        ({"text": "x", "client_message_id": "k" * 129}, "invalid-client-message-id"),
        ([], "invalid-json"),
    ],
)
def test_bad_messages_are_400(live: World, body: Any, kind: str) -> None:
    """Each field that is missing, empty, too long or of another type is named; nothing is logged."""
    conversation = live.start()
    check(live.client.post(f"{API}/{conversation}/messages", json=body, headers=live.headers()), 400, kind)
    assert live.read(conversation) == []


def test_the_longest_message_is_taken(live: World) -> None:
    """20,000 characters are taken, even such as need most bytes."""
    assert live.say(live.start(), "\U0001f642" * 20_000, "k1").status_code == 200


def test_a_lone_surrogate_does_no_harm(live: World) -> None:
    """Half a character, as cut-off texts hold, is replaced and answered."""
    path = f"{API}/{live.start()}/messages"
    body = b'{"text": "broken \\ud83d here", "client_message_id": "k1"}'
    headers = {**live.headers(), "Content-Type": "application/json"}
    answer = live.client.post(path, content=body, headers=headers)
    assert answer.status_code == 200 and answer.json()["message"]["text"] == "broken ? here"


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_400(live: World, content: bytes) -> None:
    """A body that cannot be read is 400 and is not echoed."""
    answer = live.client.post(f"{API}/{live.start()}/messages", content=content, headers=live.headers())
    check(answer, 400, "invalid-json")


def test_a_huge_body_is_413(live: World) -> None:
    """A body over the limit is refused."""
    answer = live.client.post(f"{API}/x/messages", content=b"x" * 600_000, headers=live.headers())
    check(answer, 413, "request-entity-too-large")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "99999999999", "²"])
def test_a_bad_after_is_400(live: World, after: str) -> None:
    """?after= that is no number is named."""
    answer = live.client.get(f"{API}/{live.start()}/messages", params={"after": after}, headers=live.headers())
    check(answer, 400, "invalid-after")


def test_unknown_addresses_and_methods(live: World) -> None:
    """An unknown address is 404, a wrong method 405 with what is allowed."""
    check(live.client.get("/api/v1/nothing"), 404, "not-found")
    answer = live.client.delete(API)
    check(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["allow"]


def test_an_unexpected_failure_says_nothing_of_itself(live: World) -> None:
    """A bug is a bare 500: neither its text nor a trace reaches the caller."""

    def fail(body: dict[str, Any]) -> None:
        raise RuntimeError("secret of the house")

    live.backends.on_turn = fail
    answer = live.say(live.start(), "hello", "k1")
    check(answer, 500, "internal")
    assert "secret of the house" not in answer.text and "Traceback" not in answer.text


def test_only_chosen_words_are_told() -> None:
    """The problem of any other exception holds nothing of it."""
    problem = of_exception(ValueError("token abc"))
    assert problem.status == 500 and "abc" not in problem.detail
