from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from desk.database import open_database
from desk.identity import Identity
from desk.staff import StaffAccounts
from tests.index.conftest import PAGES
from tests.web.newsroom import built, post
from tests.web.world import CHANNEL_SECRET, ENCODER, PASSWORD, SECRET, form_token, migrated
from web.identity import mint

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def process(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """``python -m web`` on a folder of state, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        **os.environ,
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "RASA_PORT": "9",
        "ACTIONS_PORT": "9",
        "WIDGET_IDENTITY_SECRET": SECRET,
        "CHANNEL_SECRET": CHANNEL_SECRET,
        "SESSION_SECRET": CHANNEL_SECRET,
        **settings,
    }
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([sys.executable, "-m", "web"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield running, f"http://127.0.0.1:{port}"
        finally:
            running.kill()
            running.wait(10)


def await_answer(url: str) -> httpx.Response:
    """The first answer of a process that is starting."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return httpx.get(url, timeout=5, trust_env=False)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_the_process_serves_and_stops_in_time(tmp_path: Path) -> None:
    """It starts on nothing, names what is down, says that there are no pages yet, and a signal ends it within
    5 s though a stream is open; no token is in its log.
    """
    token = mint(Identity("maya"), SECRET)
    headers = {"Authorization": f"Bearer {token}"}
    with (
        process(tmp_path) as (running, url),
        httpx.Client(base_url=url, headers=headers, timeout=10) as client,
    ):
        assert await_answer(f"{url}/healthz").json()["down"] == ["rasa", "actions"]
        assert client.get("/help").status_code == 503
        conversation = client.post("/api/v1/conversations").json()["conversation_id"]
        path = f"/api/v1/conversations/{conversation}"
        message = {"text": "hello", "client_message_id": "k1"}
        assert client.post(f"{path}/messages", json=message).status_code == 503
        assert len(client.get(f"{path}/messages").json()["messages"]) == 1
        with client.stream("GET", f"{path}/events") as stream:
            next(stream.iter_lines())
            running.send_signal(signal.SIGTERM)
            began = time.monotonic()
            running.wait(10)
            took = time.monotonic() - began
    log = (tmp_path / "log").read_text()
    assert took < 5 and running.returncode == 0, log
    assert "Traceback" not in log and token not in log


def test_the_process_builds_beside_itself_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A build from the console runs in a process of its own under the real one; a signal while one runs ends both."""
    for path, text in PAGES.items():
        (tmp_path / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / path).write_text(text, encoding="utf-8")
    database = open_database(migrated(tmp_path))
    StaffAccounts(database).add("eve", "editor", PASSWORD)
    database.close()
    given = {"CONTENT_DIR": str(tmp_path / "content"), "KB_ENCODER": ENCODER}
    with process(tmp_path, **given) as (running, url), httpx.Client(base_url=url, timeout=20, trust_env=False) as browser:
        await_answer(f"{url}/healthz")
        form = browser.get("/desk/sign-in").text
        fields = {"name": "eve", "password": PASSWORD, "form_token": form_token(form)}
        assert browser.post("/desk/sign-in", data=fields).headers["location"] == "/desk/kb"
        assert post(browser, "/desk/kb/build").status_code == 303
        assert built(browser)["error"] == ""
        deadline = time.monotonic() + 10  # an empty help centre looks for its first index every two seconds
        while browser.get("/help/find-invoices").status_code != 200:
            assert time.monotonic() < deadline, "the first version never showed"
            time.sleep(0.1)
        (tmp_path / "content" / "more.md").write_text("# More\n\nText.", encoding="utf-8")
        assert post(browser, "/desk/kb/build").status_code == 303
        builds = [child for child in children(running.pid) if b"spawn_main" in command_line(child)]
        assert builds, "the build had ended before the signal"
        running.send_signal(signal.SIGTERM)
        running.wait(10)
    assert running.returncode == 0, (tmp_path / "log").read_text()
    assert not [child for child in builds if b"spawn_main" in command_line(child)]


def children(process_id: int) -> list[str]:
    """The processes that any thread of a process has started: a build is started by a worker thread."""
    return [child for file in Path(f"/proc/{process_id}/task").glob("*/children") for child in file.read_text().split()]


def command_line(process_id: str) -> bytes:
    """The command line of a process, empty where it has ended."""
    try:
        return (Path("/proc") / process_id / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
