"""A fresh database for each test, on both engines; PostgreSQL that cannot be reached fails the test."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import create_engine, make_url, text

from desk.conversations import ConversationLog
from desk.database import Database, migrate, open_database
from desk.identity import Identity
from desk.tables import Base
from desk.tickets import TicketRequest, Tickets
from policy.clock import promise
from policy.document import load_policy

POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgresql+psycopg://postgres@127.0.0.1:5432/test"
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)
ADA = Identity("u1", "Ada", "ada@example.com", "Northlight", "professional", "GB-SCT", "Europe/London")
Result = TypeVar("Result")


@contextmanager
def fresh_url(engine: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database: a new file, or a new schema that is dropped in the end."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/desk/support.db"
        return
    schema = f"desk_{uuid.uuid4().hex}"
    server = create_engine(POSTGRES)
    try:
        with server.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    finally:
        server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database on each engine."""
    with fresh_url(request.param, tmp_path) as made:
        yield made


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated database on each engine, shared by the tests that empty it."""
    with fresh_url(request.param, tmp_path_factory.mktemp("desk")) as made:
        migrate(made)
        yield made


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A migrated database without a row, its numbers at the start."""
    opened = open_database(migrated_url)
    with opened.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DELETE FROM sqlite_sequence"))
        else:
            for name in ("tickets", "ticket_events", "audit"):
                session.execute(text(f"ALTER SEQUENCE {name}_id_seq RESTART"))
    yield opened
    opened.close()


@pytest.fixture
def log(database: Database) -> ConversationLog:
    """The conversation log."""
    return ConversationLog(database)


@pytest.fixture
def tickets(database: Database) -> Tickets:
    """The tickets."""
    return Tickets(database)


def request_for(conversation_id: str, **changes: Any) -> TicketRequest:
    """What a ticket is opened with, unless ``changes`` say otherwise."""
    identity = changes.pop("identity", ADA)
    at = changes.pop("at", NOW)
    fields = {
        "conversation_id": conversation_id,
        "identity": identity,
        "summary": "Import stops at row 12",
        "impact": "me",
        "contact": "ada@example.com",
        "area": "technical",
        "refusal": None,
        "promise": promise(at, tz=identity.tz, region=identity.region, plan=identity.plan, policy=load_policy()),
        "at": at,
    }
    return TicketRequest(**{**fields, **changes})


def later(minutes: int) -> datetime:
    """So many minutes after :data:`NOW`."""
    return NOW + timedelta(minutes=minutes)


def together(work: Callable[[int], Result], times: int) -> list[Result]:
    """The results of ``work(0)``, ``work(1)``, ... done by threads that start at one moment."""
    gate = threading.Barrier(times)
    results: list[Result] = []
    errors: list[BaseException] = []

    def run(n: int) -> None:
        gate.wait(10)
        try:
            results.append(work(n))
        except BaseException as error:  # handed to the test, which must not pass over a dead thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    if len(results) != times:
        raise TimeoutError("a thread did not come to an end")
    return results
