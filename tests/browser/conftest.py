from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from desk.database import open_database
from tests.web.server import serve
from tests.web.world import CHANNEL_SECRET, SECRET, PlayedBackends, build_parts, migrated
from web.options import Options
from web.parts import Parts
from web.rasa_client import RasaClient

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DOUBLE = Path(__file__).with_name("rasa_double.py")


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class RasaDouble:
    """The double's process; it can be stopped and started on the same port."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen([sys.executable, str(DOUBLE), str(self.port), CHANNEL_SECRET])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/", timeout=1)
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError("the double of Rasa did not start")

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None


@dataclass
class Site:
    """The running web application as a browser sees it."""

    url: str
    parts: Parts
    rasa: RasaDouble


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The web application on an empty database, with the double of Rasa as a process."""
    rasa = RasaDouble()
    rasa.start()
    url = migrated(tmp_path)
    options = Options(
        session_secret="session secret, which is 32 characters or more",
        identity_secret=SECRET,
        poll_interval=0.2,
    )
    client = RasaClient(httpx.AsyncClient(trust_env=False), f"http://127.0.0.1:{rasa.port}", CHANNEL_SECRET)
    parts = build_parts(open_database(url), PlayedBackends(), options, tmp_path)
    parts = replace(parts, rasa=client, now=lambda: datetime.now(timezone.utc))
    try:
        with serve(parts) as address:
            yield Site(address, parts, rasa)
    finally:
        rasa.stop()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile in English."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce") as fresh:
        fresh.set_default_timeout(10_000)
        yield fresh


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """The demo page; a script error or a refused resource fails the test."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    opened.goto(site.url)
    yield opened
    assert errors == []
