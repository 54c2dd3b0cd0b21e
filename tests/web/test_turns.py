from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from desk.identity import Identity
from tests.web.server import serve
from tests.web.world import CHANNEL_SECRET, World, together, world


def test_a_turn_answers_in_the_contracts_shape(live: World) -> None:
    """One post gives the logged message and the bot's replies with every member of M."""
    live.backends.reply = {
        "text": "Open **Settings**.",
        "decision": "answer",
        "area": "technical",
        "intent": {"name": "howto", "confidence": 0.9},
        "citations": [
            {
                "slug": "import-contacts-csv",
                "title": "Import",
                "url": "/help/import-contacts-csv",
                "section": "Map",
                "revision": "0123456789ab",
                "score": 0.8,
            }
        ],
        "buttons": [{"title": "Person", "payload": "a person"}],
        "evidence": {"index_version": "index-1"},
    }
    conversation = live.start()
    answer = live.say(conversation, "  how do I import?  ", "k1")
    body = answer.json()
    assert answer.status_code == 200
    members = {
        "id",
        "seq",
        "role",
        "text",
        "html",
        "created_at",
        "decision",
        "area",
        "refusal",
        "intent",
        "citations",
        "buttons",
        "ticket",
    }
    assert set(body["message"]) == set(body["replies"][0]) == members
    assert (body["message"]["text"], body["message"]["role"], body["message"]["seq"]) == (
        "how do I import?",
        "user",
        1,
    )
    reply = body["replies"][0]
    assert reply["html"].strip() == "<p>Open <strong>Settings</strong>.</p>"
    assert (reply["seq"], reply["role"], reply["decision"], reply["intent"]["name"]) == (
        2,
        "bot",
        "answer",
        "howto",
    )
    assert reply["citations"][0]["slug"] == "import-contacts-csv"
    assert live.read(conversation) == [body["message"], reply]


def test_rasa_gets_the_verified_identity_and_the_secret(live: World) -> None:
    """Identity goes to Rasa from the token alone, with the channel's secret and the message's own id."""
    conversation = live.start()
    message = live.say(conversation, "hello", "k1").json()["message"]
    (turn,) = live.backends.turns
    assert live.backends.secrets == [f"Bearer {CHANNEL_SECRET}"]
    assert (turn["conversation_id"], turn["message_id"], turn["text"]) == (
        conversation,
        message["id"],
        "hello",
    )
    assert turn["identity"]["plan"] == "professional" and turn["identity"]["tz"] == "Europe/Berlin"


def test_a_newer_identity_counts(live: World) -> None:
    """Where the customer's plan changed since the conversation began, the next turn carries the new one."""
    conversation = live.start()
    upgraded = Identity("maya", plan="enterprise", region="DE-BY", tz="Europe/Berlin")
    live.say(conversation, "hello", "k1", upgraded)
    assert live.backends.turns[-1]["identity"]["plan"] == "enterprise"


def test_the_same_key_is_one_turn(live: World) -> None:
    """A message posted twice is logged once, asked once and answered alike."""
    conversation = live.start()
    first, second = (live.say(conversation, "hello", "k1").json() for _ in range(2))
    assert first == second
    assert len(live.backends.turns) == 1
    assert len(live.read(conversation)) == 2


def test_the_same_key_at_once_is_one_turn(live: World) -> None:
    """Six equal posts at the same moment are one turn with one reply."""
    live.backends.delay = 0.1
    conversation = live.start()

    def post() -> dict[str, object]:
        with httpx.Client(base_url=live.url, timeout=20) as client:
            path = f"/api/v1/conversations/{conversation}/messages"
            body = {"text": "hello", "client_message_id": "k1"}
            return dict(client.post(path, json=body, headers=live.headers()).json())

    answers = together(post, 6)
    assert all(answer == answers[0] for answer in answers)
    assert len(answers) == 6 and len(live.backends.turns) == 1
    assert [message["seq"] for message in live.read(conversation)] == [1, 2]


def test_the_same_key_at_two_processes_is_one_turn(live: World) -> None:
    """Two web processes on one database that get the same message at once log it once and answer alike."""
    live.backends.delay = 0.1
    conversation = live.start()
    with serve(replace(live.parts, stopping=asyncio.Event(), close=lambda: None)) as other:
        addresses = iter([live.url, other] * 2)

        def post() -> dict[str, object]:
            with httpx.Client(base_url=next(addresses), timeout=20) as client:
                path = f"/api/v1/conversations/{conversation}/messages"
                body = {"text": "hello", "client_message_id": "k1"}
                return dict(client.post(path, json=body, headers=live.headers()).json())

        answers = together(post, 4)
    assert all(answer == answers[0] for answer in answers) and len(answers) == 4
    assert len({turn["message_id"] for turn in live.backends.turns}) == 1
    assert [message["seq"] for message in live.read(conversation)] == [1, 2]


def test_messages_at_once_keep_order_without_gaps(live: World) -> None:
    """Different messages at the same moment are turns one after the other, numbered without gap or double."""
    conversation = live.start()
    keys = iter(range(100))

    def post() -> int:
        with httpx.Client(base_url=live.url, timeout=20) as client:
            path = f"/api/v1/conversations/{conversation}/messages"
            body = {"text": "hello", "client_message_id": f"k{next(keys)}"}
            return client.post(path, json=body, headers=live.headers()).status_code

    assert together(post, 5) == [200] * 5
    messages = live.read(conversation)
    assert [message["seq"] for message in messages] == list(range(1, 11))
    assert [message["role"] for message in messages] == ["user", "bot"] * 5


def test_a_cut_connection_is_tried_once_more_with_the_same_id(live: World) -> None:
    """A connection that breaks under a turn is tried again at once, as the same turn."""
    live.backends.breaks = 1
    conversation = live.start()
    assert live.say(conversation, "hello", "k1").status_code == 200
    first, second = live.backends.turns
    assert first == second


@pytest.mark.parametrize("broken", ["down", "error"])
def test_without_rasa_the_message_is_kept_and_runs_later(live: World, broken: str) -> None:
    """Where Rasa cannot be reached the answer is 503 with Retry-After; the same key later gives the reply."""
    conversation = live.start()
    live.backends.rasa_up, live.backends.status = broken != "down", 500 if broken == "error" else 200
    refused = live.say(conversation, "hello", "k1")
    assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
    assert refused.headers["content-type"] == "application/problem+json"
    assert [message["text"] for message in live.read(conversation)] == ["hello"]
    live.backends.rasa_up, live.backends.status = True, 200
    answered = live.say(conversation, "hello", "k1").json()
    assert [reply["role"] for reply in answered["replies"]] == ["bot"]
    assert len(live.read(conversation)) == 2


def test_a_person_silences_the_bot(live: World) -> None:
    """While a person has the conversation the message is logged, Rasa is not asked and there is no reply."""
    conversation = live.start()
    live.parts.log.set_handler(conversation, "human")
    body = live.say(conversation, "are you there?", "k1").json()
    assert body["replies"] == [] and body["handler"] == "human"
    assert live.backends.turns == []
    assert live.say(conversation, "are you there?", "k1").json() == body


def test_a_person_who_takes_over_meanwhile_is_not_talked_over(live: World) -> None:
    """What the bot was still thinking when a person took over is dropped; word of a ticket is not."""
    conversation = live.start()
    live.backends.on_turn = lambda body: live.parts.log.set_handler(body["conversation_id"], "human")
    assert live.say(conversation, "hello", "k1").json()["replies"] == []
    live.parts.log.set_handler(conversation, "bot")
    live.backends.reply = {"text": "Ticket opened.", "decision": "ticket"}
    assert len(live.say(conversation, "person please", "k2").json()["replies"]) == 1


def test_a_caller_who_leaves_does_not_stop_the_turn(live: World) -> None:
    """A turn whose caller hung up is finished and logged, and the same key reads it."""
    live.backends.delay = 0.4
    conversation = live.start()
    with pytest.raises(httpx.ReadTimeout):
        live.client.post(
            f"/api/v1/conversations/{conversation}/messages",
            json={"text": "hello", "client_message_id": "k1"},
            headers=live.headers(),
            timeout=0.1,
        )
    assert live.say(conversation, "hello", "k1").json()["replies"]
    assert len(live.backends.turns) == 1


def test_too_many_messages_are_told_to_wait(tmp_path: Path) -> None:
    """A flood of one customer is answered 429 with Retry-After; another customer is served."""
    from web.rate_limit import Allowance

    with world(tmp_path, messages=Allowance(burst=3, per_second=0.1)) as live:
        conversation = live.start()
        statuses = [live.say(conversation, "hello", f"k{number}").status_code for number in range(4)]
        assert statuses == [200, 200, 429, 429]
        refused = live.say(conversation, "hello", "k9")
        assert int(refused.headers["retry-after"]) >= 1
        assert live.client.post("/api/v1/conversations", headers=live.headers(Identity("other"))).status_code == 201


def test_feedback_is_recorded_for_a_reply_of_the_conversation(live: World) -> None:
    """Feedback on a reply is taken; a message that is not there is 404; it must be true or false."""
    conversation = live.start()
    reply = live.say(conversation, "hello", "k1").json()["replies"][0]
    path = f"/api/v1/conversations/{conversation}/feedback"

    def rate(message: str, helpful: object) -> int:
        body = {"message_id": message, "helpful": helpful}
        return live.client.post(path, json=body, headers=live.headers()).status_code

    assert rate(reply["id"], True) == 204
    assert rate(reply["id"], "yes") == 400
    assert rate("00000000-0000-4000-8000-000000000000", True) == 404


def test_reading_after_a_number(live: World) -> None:
    """?after= gives only what came later."""
    conversation = live.start()
    live.say(conversation, "hello", "k1")
    path = f"/api/v1/conversations/{conversation}/messages?after=1"
    assert [message["seq"] for message in live.client.get(path, headers=live.headers()).json()["messages"]] == [2]


def test_the_policys_version_is_public(live: World) -> None:
    """Anyone may read the policy's version, effective date and changes."""
    body = live.client.get("/api/v1/policy").json()
    assert body["version"] == live.parts.policy.version
    assert set(body) == {"version", "effective", "changes"}
