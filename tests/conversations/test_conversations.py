"""Plays every conversation below this folder through the running system and holds each turn to what it must bring.

A file is one conversation: ``as`` gives the customer's claims, ``talk`` the turns. A turn says something and expects:

- ``decision``: the decisions of all replies, in order (one word where there is one reply);
- ``area``, ``refusal``, ``section`` (of the policy): of the first reply that has one; ``null`` means that none may have one;
- ``says``, ``never``: texts that the replies together hold or must not hold, in any case of letters;
- ``cites``: a slug among the citations; ``buttons``: titles that are offered; ``ticket``: fields of the ticket shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.running_system import RunningSystem

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.yml"))
TURN_KEYS = {"say", "decision", "area", "refusal", "section", "says", "never", "cites", "buttons", "ticket"}
CUSTOMER = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "account": "Analytical Engines",
    "plan": "professional",
    "region": "GB-SCT",
    "tz": "Europe/London",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HERE).with_suffix("")))
def test_conversation(file: Path, system: RunningSystem) -> None:
    """Every turn of the conversation brings what its file says."""
    played = yaml.safe_load(file.read_text(encoding="utf-8"))
    claims = {key: value for key, value in {**CUSTOMER, **played.get("as", {})}.items() if value is not None}
    talk = system.talk(**claims)
    for number, turn in enumerate(played["talk"], 1):
        assert set(turn) <= TURN_KEYS, f"turn {number} has unknown keys {set(turn) - TURN_KEYS}"
        replies = talk.say(str(turn["say"]))
        faults = list(faults_of(turn, replies))
        assert not faults, f"turn {number}: {turn['say']!r}\n  " + "\n  ".join(faults) + f"\n  got {shorten(replies)}"


def test_there_are_conversations() -> None:
    """The folders hold conversations; a moved folder must not make this suite pass by being empty."""
    assert len(FILES) >= 40


def faults_of(turn: dict[str, Any], replies: list[dict[str, Any]]) -> list[str]:
    """What of a turn's expectations does not hold, in words."""
    faults = []
    decisions = [reply["decision"] for reply in replies]
    wanted = listed(turn.get("decision", decisions))
    if decisions != wanted:
        faults.append(f"decisions are {decisions}, not {wanted}")
    for field in ("area", "refusal"):
        if field in turn:
            found = next((reply[field] for reply in replies if reply[field]), None)
            if found != turn[field]:
                faults.append(f"{field} is {found!r}, not {turn[field]!r}")
    text = "\n".join(reply["text"] for reply in replies).lower()
    if "section" in turn and f"section {turn['section']}:" not in text:
        faults.append(f"section {turn['section']} is not named")
    faults += [f"does not say {part!r}" for part in listed(turn.get("says", [])) if str(part).lower() not in text]
    faults += [f"says {part!r}" for part in listed(turn.get("never", [])) if str(part).lower() in text]
    slugs = [citation["slug"] for reply in replies for citation in reply["citations"]]
    faults += [f"does not cite {slug!r} but {slugs}" for slug in listed(turn.get("cites", [])) if slug not in slugs]
    titles = [button["title"] for reply in replies for button in reply["buttons"]]
    faults += [f"does not offer {title!r}" for title in listed(turn.get("buttons", [])) if title not in titles]
    ticket = next((reply["ticket"] for reply in replies if reply["ticket"]), None) or {}
    faults += [
        f"ticket {key} is {ticket.get(key)!r}, not {value!r}"
        for key, value in turn.get("ticket", {}).items()
        if ticket.get(key) != value
    ]
    if not replies or any(not reply["text"].strip() for reply in replies):
        faults.append("a reply is empty")
    return faults


def listed(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return value if isinstance(value, list) else [value]


def shorten(replies: list[dict[str, Any]]) -> str:
    """The replies in short, for the report of a failure."""
    return " | ".join(f"[{reply['decision']}] {reply['intent']} {reply['text'][:160]!r}" for reply in replies)
