"""The seam between Rasa 3.6 and an action server of a newer SDK, with both processes running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
import yaml

from policy.document import load_policy
from tests.architecture.source import ROOT
from tests.running_system import RunningSystem, Talk


@contextmanager
def _talk(system: RunningSystem) -> Iterator[Talk]:
    """A conversation of Ada's whose connection is closed in the end."""
    talk = system.talk(name="Ada", email="ada@example.org", plan="professional", region="GB-SCT", tz="Europe/London")
    with closing(talk.client):
        yield talk


def test_the_whole_system_is_healthy(system: RunningSystem) -> None:
    """When all three processes answer, /healthz is 200 and names the versions of model, index and policy."""
    response = httpx.get(f"{system.url}/healthz", timeout=10)
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ok" and body["down"] == []
    assert all(body["versions"][kind] for kind in ("model", "index", "policy"))
    assert body["versions"]["policy"] == load_policy().version
    assert body["versions"]["index"] == (system.settings.index_dir / "live").resolve().name


def test_the_served_actions_are_the_domains(system: RunningSystem) -> None:
    """The running action server lists exactly the actions that domain.yml names."""
    response = httpx.get(f"http://127.0.0.1:{system.settings.actions_port}/actions", timeout=10)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(item["name"] for item in response.json()) == sorted(domain["actions"])


def test_an_action_of_the_new_sdk_answers_the_old_rasa(system: RunningSystem) -> None:
    """A turn reaches a custom action through Rasa, and its data comes back whole: decision, evidence and text."""
    with _talk(system) as talk:
        (reply,) = talk.say("What are your opening hours?")
    assert reply["decision"] == "policy"
    assert reply["intent"]["name"] == "policy_hours"
    assert "section 4" in reply["text"]


def test_slots_and_forms_cross_the_seam(system: RunningSystem) -> None:
    """Slots that the action server sets, and the form it validates, drive Rasa's dialogue."""
    with _talk(system) as talk:
        assert [reply["decision"] for reply in talk.say("human please")] == ["collect"]
        assert [reply["decision"] for reply in talk.say("The CSV import stops at row 12 with an error")] == ["collect"]
        (reply,) = talk.say("Just me")
    assert reply["decision"] == "collect" and "ada@example.org" in reply["text"]


def test_nobody_speaks_to_rasa_without_the_secret(system: RunningSystem) -> None:
    """Rasa refuses a turn without the channel's secret, so nobody but web can speak for a customer."""
    body = {"conversation_id": "c", "message_id": "m", "text": "hi", "identity": {"sub": "u"}}
    url = f"http://127.0.0.1:{system.settings.rasa_port}/webhooks/support/turn"
    assert httpx.post(url, json=body, timeout=10).status_code == 401
