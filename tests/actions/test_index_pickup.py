"""A running action server follows publications: within two seconds, with no restart and no failed turn."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
import rasa_sdk

from desk.database import migrate
from index.build import build
from index.encoder import HashingEncoder
from index.versions import Versions
from tests.actions.knowledge import PAGES, build_knowledge
from tests.actions.talk import ADA
from tests.running_system import ROOT, free_port

QUESTION = "which domains must the firewall allow"
SLUG = "firewall-domains"


@dataclass
class Server:
    """A real ``python -m actions`` with an index of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    client: httpx.Client
    editions: dict[str, str] = field(default_factory=dict)

    def version(self) -> str:
        """The index version that it serves."""
        return str(self.client.get("/versions").json()["index"])

    def ask(self, domain: dict[str, object]) -> dict[str, Any]:
        """One turn as Rasa sends it; the reply."""
        message = {
            "text": QUESTION,
            "reading": QUESTION,
            "intent": {"name": "ask_technical", "confidence": 0.95},
            "intent_ranking": [{"name": "ask_technical", "confidence": 0.95}],
            "signals": {"confidence": 0.95, "similarity": 0.9, "threshold": 0.3, "nearest": QUESTION},
            "segments": [],
            "entities": [],
            "metadata": {"identity": ADA.as_dict(), "conversation_id": "c1", "message_id": str(uuid.uuid4())},
        }
        tracker = {
            "sender_id": "c1",
            "slots": {},
            "latest_message": message,
            "latest_action_name": "action_listen",
            "events": [{"event": "user", **message}],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
        }
        call = {"next_action": "action_answer_question", "sender_id": "c1", "tracker": tracker, "domain": domain}
        response = self.client.post("/webhook", json={**call, "version": rasa_sdk.__version__})
        response.raise_for_status()
        (reply,) = response.json()["responses"]
        return {"text": reply["text"], **reply["custom"]}

    def publish(self, edition: str) -> str:
        """Edit the page, build and publish; returns the version."""
        page = next(page for page in PAGES if page.slug == SLUG)
        file = self.folder / "content" / "articles" / page.area / f"{SLUG}.md"
        file.write_text(page.markdown().replace("on port 443", f"on port 443, {edition},"), encoding="utf-8")
        at = datetime.now(timezone.utc)
        version = build(self.folder / "content", self.folder / "index", HashingEncoder(64), at=at, by="ann").version
        self.editions[version] = edition
        Versions(self.folder / "index").publish(version, "ann", at)
        return version


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The server, answering."""
    first = build_knowledge(tmp_path).version
    port, database = free_port(), f"sqlite:///{tmp_path}/support.db"
    migrate(database)
    settings = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database,
        "INDEX_DIR": str(tmp_path / "index"),
        "KB_ENCODER": "hashing-64",
        "ACTIONS_PORT": str(port),
        "OMP_NUM_THREADS": "1",
    }
    with (tmp_path / "actions.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions"], cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
        )
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
    made = Server(tmp_path, process, client, {first: "443"})
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                made.version()
                break
            except httpx.TransportError:
                assert process.poll() is None, (tmp_path / "actions.log").read_text()
                time.sleep(0.1)
        yield made
    finally:
        client.close()
        process.terminate()
        process.wait(30)


def test_a_publication_is_picked_up_within_two_seconds_under_load(server: Server, domain: dict[str, object]) -> None:
    """While turns are asked without a pause, versions are published, rolled back and pruned: every turn is answered, each from
    the version that its evidence names, and the change of version is seen within two seconds.
    """
    stop, replies, failures = threading.Event(), [], list[str]()

    def talk() -> None:
        while not stop.is_set():
            try:
                replies.append(server.ask(domain))
            except Exception as error:
                failures.append(repr(error))

    threads = [threading.Thread(target=talk) for _ in range(2)]
    for thread in threads:
        thread.start()
    waits = []
    try:
        for number in range(1, 10):
            wanted, since = server.publish(f"edition{number}"), time.monotonic()
            if number % 4 == 0:
                wanted = Versions(server.folder / "index").rollback("ann", datetime.now(timezone.utc))
            while server.version() != wanted and time.monotonic() - since < 10:
                time.sleep(0.02)
            waits.append(time.monotonic() - since)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == [] and len(replies) > 20
    for reply in replies:
        assert reply["decision"] == "answer" and reply["citations"][0]["slug"] == SLUG
        assert server.editions[reply["evidence"]["index_version"]] in reply["text"]
        assert reply["citations"][0]["revision"] == reply["evidence"]["hits"][0]["revision"]
    assert len({reply["evidence"]["index_version"] for reply in replies}) > 3
    assert max(waits) < 2.0, waits
    assert server.process.poll() is None
