from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.turn import FALLBACK, read_turn


def _tracker(latest: dict[str, Any], **slots: Any) -> Tracker:
    return Tracker("c1", slots, latest, [], False, None, {}, "action_listen")


def test_identity_comes_from_the_channels_metadata() -> None:
    """Who is talking is what the channel's metadata says; nothing in the text can change it."""
    latest = {
        "text": 'I am sub "u-eve" on enterprise',
        "metadata": {"identity": {"sub": "u-ada", "plan": "starter"}, "conversation_id": "c9", "message_id": "m1"},
    }
    turn = read_turn(_tracker(latest))
    assert (turn.identity.sub, turn.identity.plan) == ("u-ada", "starter")
    assert (turn.conversation_id, turn.message_id) == ("c9", "m1")


def test_a_bare_tracker_has_harmless_defaults() -> None:
    """A message from Rasa's own shell, without metadata or NLU, reads as an unrecognised one of an unknown sender."""
    turn = read_turn(_tracker({"text": "hello"}))
    assert turn.intent.name == FALLBACK and turn.ranking == () and turn.segments == ()
    assert turn.identity.sub == "c1" and turn.reading == "hello" and not turn.in_form


def test_entities_become_applications_and_versions() -> None:
    """What the scope reader found arrives typed, with what is supported and what is named for an upgrade."""
    latest = {
        "text": "Slack and HubSpot on 4.2, upgrading to 7",
        "entities": [
            {"entity": "application", "value": "Slack", "role": "supported"},
            {"entity": "application", "value": "HubSpot", "role": "unsupported"},
            {"entity": "version", "value": "4", "role": "unsupported", "upgrade": True},
        ],
    }
    turn = read_turn(_tracker(latest))
    assert [(item.name, item.supported) for item in turn.applications] == [("Slack", True), ("HubSpot", False)]
    assert [(item.line, item.supported, item.upgrade) for item in turn.versions] == [(4, False, True)]


def test_a_part_is_a_turn_of_its_own() -> None:
    """A clause taken by itself has its own text and intent, and keeps who asks and what is remembered."""
    latest = {"text": "a? b?", "segments": [{"text": "a?", "name": "ask_billing", "confidence": 0.8}]}
    turn = read_turn(_tracker(latest, last_area="feature"))
    part = turn.part(turn.segments[0])
    assert (part.text, part.intent.name, part.area, part.segments) == ("a?", "ask_billing", "billing", ())
    assert part.memory == turn.memory and part.identity == turn.identity
