"""A whole web application for a test: real rooms on SQLite, Rasa and the action server played by a
transport.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from argon2 import PasswordHasher

from desk.article_feedback import ArticleFeedback
from desk.audit import AuditLog
from desk.conversations import ConversationLog
from desk.database import Database, migrate, open_database
from desk.identity import Identity
from desk.staff import StaffAccounts
from desk.tickets import Ticket, TicketRequest, Tickets
from desk.unanswered import Unanswered
from index.knowledge_base import KnowledgeBase
from policy.clock import promise
from policy.document import load_policy
from tests.web.knowledge import small_knowledge_base
from tests.web.server import serve
from web.health import HealthProbe
from web.identity import IdentityVerifier, mint
from web.library import Encoders, Library
from web.options import Options
from web.parts import Parts
from web.rasa_client import RasaClient
from web.workshop import Places, Workshop

ROOT = Path(__file__).resolve().parents[2]
ENCODER = "hashing-64"
SECRET = "widget identity secret, 32 characters or more"
CHANNEL_SECRET = "channel secret, which is 32 characters or more"
PASSWORD = "correct horse battery staple"
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone.utc)
MAYA = Identity("maya", "Maya Lindqvist", "maya@example.com", "northlight", "professional", "DE-BY", "Europe/Berlin")
RASA, ACTIONS = "http://rasa.test", "http://actions.test"


@dataclass
class PlayedBackends:
    """Answers for Rasa and the action server; switch ``rasa_up`` and ``actions_up`` off to break them."""

    rasa_up: bool = True
    actions_up: bool = True
    breaks: int = 0
    delay: float = 0.0
    status: int = 200
    on_turn: Callable[[dict[str, Any]], None] | None = None
    reply: dict[str, Any] = field(default_factory=lambda: {"text": "Open **Settings**.", "decision": "answer"})
    turns: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """One request of the web process."""
        if request.url.host == "actions.test":
            return self._actions(request)
        if not self.rasa_up:
            raise httpx.ConnectError("refused", request=request)
        if request.method == "GET":
            return httpx.Response(200, json={"status": "ok", "model": "model-7"})
        return await self._turn(request)

    def _actions(self, request: httpx.Request) -> httpx.Response:
        if not self.actions_up:
            raise httpx.ConnectError("refused", request=request)
        if request.url.path == "/versions":
            return httpx.Response(200, json={"index": "index-1", "policy": "2026-11"})
        return httpx.Response(200, json={"status": "ok"})

    async def _turn(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.turns.append(body)
        self.secrets.append(request.headers["authorization"])
        if self.breaks:
            self.breaks -= 1
            raise httpx.RemoteProtocolError("cut", request=request)
        await asyncio.sleep(self.delay)
        if self.on_turn:
            await asyncio.to_thread(self.on_turn, body)
        return httpx.Response(self.status, json={"replies": [self.reply]})


@dataclass
class World:
    """The address of the running application and hands on what is behind it."""

    url: str
    parts: Parts
    backends: PlayedBackends
    client: httpx.Client

    def token(self, identity: Identity = MAYA, lifetime: int = 600) -> str:
        """An identity token."""
        return mint(identity, SECRET, lifetime=lifetime)

    def headers(self, identity: Identity = MAYA) -> dict[str, str]:
        """The header that carries the identity."""
        return {"Authorization": f"Bearer {self.token(identity)}"}

    def start(self, identity: Identity = MAYA) -> str:
        """A new conversation's id."""
        answer = self.client.post("/api/v1/conversations", headers=self.headers(identity))
        return str(answer.json()["conversation_id"])

    def say(self, conversation: str, text: str, key: str, identity: Identity = MAYA) -> httpx.Response:
        """One turn."""
        return self.client.post(
            f"/api/v1/conversations/{conversation}/messages",
            json={"text": text, "client_message_id": key},
            headers=self.headers(identity),
        )

    def read(self, conversation: str) -> list[dict[str, Any]]:
        """All messages."""
        answer = self.client.get(f"/api/v1/conversations/{conversation}/messages", headers=self.headers())
        return list(answer.json()["messages"])

    def ticket(self, conversation: str, identity: Identity = MAYA) -> Ticket:
        """An open ticket of the conversation, as the action server opens one."""
        promised = promise(NOW, tz=identity.tz, region=identity.region, plan=identity.plan, policy=self.parts.policy)
        return self.parts.tickets.open(
            TicketRequest(
                conversation_id=conversation,
                identity=identity,
                summary="The import stops at row 12 <script>alert(1)</script>",
                impact="me",
                contact="maya@example.com",
                area="technical",
                refusal=None,
                promise=promised,
                at=NOW,
            )
        )

    @contextmanager
    def sign_in(self, role: str = "agent", name: str = "ana") -> Iterator[httpx.Client]:
        """A browser signed in at the console."""
        self.parts.staff.add(name, role, PASSWORD)
        with httpx.Client(base_url=self.url) as browser:
            form = browser.get("/desk/sign-in").text
            fields = {"name": name, "password": PASSWORD, "form_token": form_token(form)}
            answer = browser.post("/desk/sign-in", data=fields)
            if answer.status_code != 303:
                raise AssertionError(answer.text)
            yield browser


def form_token(page: str) -> str:
    """The form token of a page."""
    return page.split('name="form_token" value="', 1)[1].split('"', 1)[0]


def build_parts(
    database: Database,
    backends: PlayedBackends,
    options: Options,
    folder: Path,
    knowledge: Callable[[], KnowledgeBase] = small_knowledge_base,
) -> Parts:
    """Parts on a database, with played backends; editors work on ``content`` and ``index`` in ``folder``."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(backends))
    library, audit = Library(knowledge), AuditLog(database)
    places = Places(folder / "content", folder / "index", folder / "models", ROOT / "policy" / "policy.yml", ENCODER)
    return Parts(
        options=options,
        verifier=IdentityVerifier(SECRET),
        log=ConversationLog(database),
        tickets=Tickets(database),
        staff=StaffAccounts(database, hasher=_QUICK),
        feedback=ArticleFeedback(database),
        audit=audit,
        library=library,
        unanswered=Unanswered(database),
        workshop=Workshop(places, Encoders(places.models), library, audit.enter, lambda: NOW),
        policy=load_policy(),
        rasa=RasaClient(http, RASA, CHANNEL_SECRET),
        health=HealthProbe(http, RASA, ACTIONS, database.ping),
        now=lambda: NOW,
        close=database.close,
    )


@cache
def _template() -> bytes:
    """An empty SQLite database with the current schema: migrated once, copied for each test."""
    with TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/support.db")
        with closing(sqlite3.connect(f"{folder}/support.db")) as connection:
            return connection.serialize()


def migrated(folder: Path) -> str:
    """The URL of a migrated database in the folder."""
    (folder / "support.db").write_bytes(_template())
    return f"sqlite:///{folder}/support.db"


@contextmanager
def world(folder: Path, knowledge: Callable[[], KnowledgeBase] = small_knowledge_base, **changes: Any) -> Iterator[World]:
    """A running application whose state lies in ``folder``; ``changes`` are options."""
    url = migrated(folder)
    backends = PlayedBackends()
    options = Options(
        **{
            "session_secret": "session secret, which is 32 characters or more",
            "identity_secret": SECRET,
            "poll_interval": 0.05,
            "heartbeat": 0.2,
            **changes,
        }
    )
    parts = build_parts(open_database(url), backends, options, folder, knowledge)
    with serve(parts) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield World(address, parts, backends, client)


def together(work: Callable[[], Any], times: int) -> list[Any]:
    """The results of the same work done by several threads at once."""
    results: list[Any] = []
    gate = threading.Barrier(times)

    def run() -> None:
        gate.wait(5)
        results.append(work())

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results
