"""The real three processes, started for tests on ports and a data folder of their own."""

from __future__ import annotations

import socket
import subprocess
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt

import settings
from launch.environments import MODERN, RASA, tool
from launch.pipeline import model_file, rasa_endpoints, rasa_environment

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180  # Rasa imports TensorFlow, which takes its time on a busy machine


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningSystem:
    """Starts and stops rasa, actions and web; speaks the HTTP contract to them."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)

    def __post_init__(self) -> None:
        prepared = settings.load()
        ports = {name: str(free_port()) for name in ("PORT", "RASA_PORT", "ACTIONS_PORT")}
        state = {
            "DATA_DIR": str(self.folder),
            "MODEL_DIR": str(prepared.model_dir),
            "INDEX_DIR": str(prepared.index_dir),
            "HOST": "127.0.0.1",
        }
        self.model = model_file(prepared)
        self.env = {**rasa_environment(), **state, **ports, **self.environment}
        self.settings = settings.load(self.env)
        self.url = f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> RunningSystem:
        """Start all three and wait until ``/healthz`` says that they answer."""
        for name in ("actions", "rasa", "web"):
            self.start_one(name)
        self.wait_until_healthy()
        return self

    def start_one(self, name: str) -> None:
        """Start one of the three; its output goes to a log in the data folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._command(name), cwd=ROOT, env=dict(self.env), stdout=log, stderr=subprocess.STDOUT
            )

    def _command(self, name: str) -> list[str]:
        if name != "rasa":
            return [tool(MODERN, "python"), "-m", name]
        where = ["--interface", "127.0.0.1", "--port", self.env["RASA_PORT"]]
        files = ["--model", str(self.model), "--endpoints", str(rasa_endpoints(self.settings))]
        return [tool(RASA, "rasa"), "run", *where, *files, "--credentials", "credentials.yml"]

    def wait_until_healthy(self) -> None:
        """Wait for 200 of ``/healthz``; :class:`RuntimeError` with the logs where it does not come."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            dead = [name for name, process in self.processes.items() if process.poll() is not None]
            if dead:
                break
            time.sleep(0.3)
        raise RuntimeError(f"the system did not start:\n{self.logs()}")

    def logs(self) -> str:
        """The last lines of each process's log."""
        parts = []
        for file in sorted(self.folder.glob("*.log")):
            parts.append(f"--- {file.name}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-25:]))
        return "\n".join(parts)

    def stop(self) -> None:
        """Stop all processes and close all connections; nothing is left behind."""
        for talk in self.talks:
            talk.client.close()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def command(self, *words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``support`` against this system; ``given`` is its standard input."""
        return subprocess.run(
            [tool(MODERN, "support"), *words],
            input=given,
            cwd=ROOT,
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def talk(self, **claims: Any) -> Talk:
        """A new conversation of a customer with these claims."""
        now = int(time.time())
        body = {"sub": f"u-{uuid.uuid4().hex[:8]}", "aud": "piperocks-support", "iat": now, "exp": now + 3600, **claims}
        token = jwt.encode(body, self.settings.widget_identity_secret, algorithm="HS256")
        talk = Talk(httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=60))
        self.talks.append(talk)
        return talk


class Talk:
    """One conversation through the HTTP contract."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.id: str = self._checked(client.post("/api/v1/conversations"), 201)["conversation_id"]

    def say(self, text: str, client_message_id: str | None = None) -> list[dict[str, Any]]:
        """Send a message and return the replies."""
        body = {"text": text, "client_message_id": client_message_id or uuid.uuid4().hex}
        answer = self._checked(self.client.post(f"/api/v1/conversations/{self.id}/messages", json=body), 200)
        replies: list[dict[str, Any]] = answer["replies"]
        return replies

    def messages(self) -> list[dict[str, Any]]:
        """All messages so far."""
        found: list[dict[str, Any]] = self._checked(self.client.get(f"/api/v1/conversations/{self.id}/messages"), 200)["messages"]
        return found

    @staticmethod
    def _checked(response: httpx.Response, status: int) -> dict[str, Any]:
        if response.status_code != status:
            raise AssertionError(f"{response.request.url} answered {response.status_code}: {response.text}")
        body: dict[str, Any] = response.json()
        return body
