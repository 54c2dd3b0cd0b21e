from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks import conversations
from benchmarks.conversations import evaluate, judged, report
from benchmarks.decisions import converse


def reply(decision: str, text: str = "", refusal: str | None = None) -> dict[str, Any]:
    """What of a reply of the contract is judged."""
    return {"decision": decision, "text": text, "refusal": refusal}


def turn(say: str, decision: list[str], *replies: dict[str, Any], **expected: Any) -> dict[str, Any]:
    """A played turn that says nothing of what is not named."""
    return {"say": say, "decision": decision, "never": [], "refusal": None, "replies": list(replies), **expected}


PLAYED = [
    {
        "id": "c-1",
        "behaviour": "switch",
        "turns": [
            turn("how do I?", ["answer"], reply("answer", "So."), never=["refuse"]),
            turn("and X?", ["answer"], reply("answer", "Yes."), reply("refuse", "No.", "third_party"), never=["refuse"]),
        ],
    },
    {
        "id": "c-2",
        "behaviour": "policy",
        "turns": [
            turn("open?", ["policy"], reply("policy", "From 9 AM."), never=["ticket"], contains_any=["9 am", "9:00"]),
            turn("write code", ["refuse"], reply("refuse", "No.", "off_topic"), refusal="custom_development"),
        ],
    },
]


@pytest.mark.parametrize(
    ("replies", "right"),
    [
        ([reply("answer")], True),
        ([reply("refuse"), reply("clarify")], True),
        ([reply("refuse")], False),
        ([], False),
    ],
)
def test_one_allowed_decision_is_enough(replies: list[dict[str, Any]], right: bool) -> None:
    """The decision is right where at least one reply has an allowed one; no reply is wrong."""
    assert judged(turn("x", ["answer", "clarify"], *replies))["decision"] is right


def test_one_forbidden_decision_is_too_many() -> None:
    """``never`` is wrong as soon as one reply has a forbidden decision, whatever stands beside it."""
    assert judged(turn("x", ["answer"], reply("answer"), never=["refuse", "ticket"]))["never"] is True
    assert judged(turn("x", ["answer"], reply("answer"), reply("ticket"), never=["refuse", "ticket"]))["never"] is False


def test_a_refusal_must_be_of_its_class() -> None:
    """The class that is wanted must be that of some reply."""
    replies = reply("answer"), reply("refuse", refusal="network")
    assert judged(turn("x", ["answer"], *replies, refusal="network"))["refusal"] is True
    assert judged(turn("x", ["answer"], *replies, refusal="off_topic"))["refusal"] is False


def test_texts_are_looked_for_in_all_replies_in_any_case() -> None:
    """One of the texts in any of the replies is enough, whatever the case of its letters."""
    replies = reply("answer", "Like this."), reply("policy", "Write to **Help@PipeRocks.com**")
    assert judged(turn("x", ["policy"], *replies, contains_any=["9 am", "HELP@piperocks.com"]))["contains"] is True
    assert judged(turn("x", ["policy"], *replies, contains_any=["9 am"]))["contains"] is False


def test_what_a_turn_does_not_name_is_not_checked() -> None:
    """Only the decision is always checked: nothing else can come out right or wrong where it is empty, null or missing."""
    bare = {"say": "x", "decision": ["answer"], "replies": [reply("refuse", "No.", "network")]}
    for each in (bare, {**bare, "never": [], "refusal": None, "contains_any": None}):
        assert judged(each) == {"decision": False, "never": None, "refusal": None, "contains": None}


def test_shares_are_those_counted_by_hand() -> None:
    """A turn counts as right where all its checks are, a conversation where all its turns are; checks count where they apply."""
    played = [*PLAYED, {"id": "c-3", "behaviour": "policy", "turns": [turn("hi", ["smalltalk"], reply("smalltalk"))]}]
    found = report(played)
    assert (found["conversations"], found["turns"]) == (3, 5)
    assert (found["conversations_right"], found["turns_right"]) == (0.3333, 0.6)
    assert found["share"] == {"contains": 1.0, "decision": 1.0, "never": 0.6667, "refusal": 0.0}
    assert found["of"] == {"contains": 1, "decision": 5, "never": 3, "refusal": 1}
    assert found["by_behaviour"] == {
        "policy": {"conversations": 2, "turns": 3, "conversations_right": 0.5, "turns_right": 0.6667},
        "switch": {"conversations": 1, "turns": 2, "conversations_right": 0.0, "turns_right": 0.5},
    }


def test_a_wrong_turn_tells_what_was_wanted_and_what_came() -> None:
    """Its place, what was said, what was wanted by check, the replies, and which checks failed; right turns are not listed."""
    first, second = report(PLAYED)["wrong"]
    assert first == {
        "id": "c-1",
        "behaviour": "switch",
        "turn": 2,
        "text": "and X?",
        "wanted": {"decision": ["answer"], "never": ["refuse"]},
        "got": {"decisions": ["answer", "refuse"], "refusals": ["third_party"], "text": "Yes.\nNo."},
        "failed": ["never"],
    }
    assert (second["id"], second["wanted"]["refusal"], second["failed"]) == ("c-2", "custom_development", ["refusal"])


def test_conversations_are_played_in_order_and_to_their_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each conversation's turns are said in their order, and each is judged by the replies to itself, also behind a wrong one."""

    def answered(texts: Iterable[str], url: str, secret: str) -> list[dict[str, Any]]:
        return [{"said": text, "replies": [reply("answer", f"{text} at {url}")], "took_ms": 1.0} for text in texts]

    monkeypatch.setattr(conversations, "converse", answered)
    turns = [
        {"say": "one", "decision": ["refuse"]},
        {"say": "two", "decision": ["answer"], "contains_any": ["two at here"]},
        {"say": "three", "decision": ["answer"], "contains_any": ["two"]},
    ]
    file = tmp_path / "talks.jsonl"
    file.write_text(json.dumps({"id": "c-1", "behaviour": "order", "turns": turns}) + "\n\n")
    found = evaluate(file, "here", "secret")
    assert (found["turns"], [each["turn"] for each in found["wrong"]]) == (3, [1, 3])


def test_one_customer_says_everything_in_one_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """One conversation is opened, with one token; each text is a message with an id of its own, and brings its own replies."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == "/api/v1/conversations":
            return httpx.Response(201, json={"conversation_id": "c7"})
        return httpx.Response(200, json={"replies": [reply("answer", json.loads(request.content)["text"])]})

    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=httpx.MockTransport(answer)))
    turns = converse(iter(["one", "two"]), "http://127.0.0.1:1", "s" * 32)
    assert [(each["said"], each["replies"][0]["text"]) for each in turns] == [("one", "one"), ("two", "two")]
    assert [each.url.path for each in asked] == ["/api/v1/conversations", *["/api/v1/conversations/c7/messages"] * 2]
    assert len({each.headers["Authorization"] for each in asked}) == 1
    assert len({json.loads(each.content)["client_message_id"] for each in asked[1:]}) == 2
