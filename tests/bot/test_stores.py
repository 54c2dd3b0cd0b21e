from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, RedisLockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.stores import ConfiguredLockStore, ConfiguredTrackerStore, tracker_database
from settings import SettingsError


def test_sqlite_has_a_file_of_its_own() -> None:
    """With SQLite Rasa's events lie in a file beside the product's, so that the two never wait for each other."""
    found = tracker_database("sqlite:////srv/var/support.db", "/srv/var")
    assert found == {"dialect": "sqlite", "db": "/srv/var/rasa-tracker.db"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql+psycopg://ada:p%40ss%2Fword@db.example:6432/support?sslmode=require",
            {
                "host": "db.example",
                "port": 6432,
                "db": "support",
                "username": "ada",
                "password": "p@ss/word",
                "query": {"sslmode": "require"},
            },
        ),
        (
            "postgresql://postgres@127.0.0.1/test",
            {"host": "127.0.0.1", "port": 5432, "db": "test", "username": "postgres", "password": None, "query": None},
        ),
    ],
)
def test_postgresql_is_mapped(url: str, expected: dict[str, object]) -> None:
    """A PostgreSQL URL becomes Rasa's arguments, with escapes undone, defaults filled in and parameters kept."""
    assert tracker_database(url, "/srv/var") == {"dialect": "postgresql", **expected}


@pytest.mark.parametrize("url", ["mysql://root@db/x", "support.db", ""])
def test_another_database_is_refused(url: str) -> None:
    """A database that the product cannot use is refused by the variable's name."""
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        tracker_database(url, "/srv/var")


def test_trackers_survive_a_restart(environment: Path) -> None:
    """What one store saved, another one of the same settings reads."""

    async def talk() -> list[str]:
        first = ConfiguredTrackerStore(Domain.empty())
        tracker = await first.get_or_create_tracker("c1")
        tracker.update(UserUttered("hello", message_id="m1"))
        await first.save(tracker)
        again = await ConfiguredTrackerStore(Domain.empty()).retrieve_full_tracker("c1")
        assert again is not None
        return [event.text for event in again.events if isinstance(event, UserUttered)]

    assert asyncio.run(talk()) == ["hello"]
    assert (environment / "rasa-tracker.db").is_file()


def test_the_data_folder_is_made(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh installation has no data folder; the store makes it."""
    monkeypatch.setenv("DATA_DIR", str(environment / "fresh"))
    ConfiguredTrackerStore(Domain.empty())
    assert (environment / "fresh" / "rasa-tracker.db").is_file()


def test_locks_are_in_memory_without_redis() -> None:
    """Without a Redis URL one process keeps its locks itself; a saved lock is found and can be dropped."""
    store = ConfiguredLockStore()
    assert isinstance(store._inner, InMemoryLockStore)
    store.save_lock(TicketLock("c1"))
    found = store.get_lock("c1")
    assert found is not None and found.conversation_id == "c1"
    store.delete_lock("c1")
    assert store.get_lock("c1") is None


@pytest.mark.parametrize(
    ("url", "host", "port", "database"),
    [
        ("redis://127.0.0.1:6379/3", "127.0.0.1", 6379, 3),
        ("redis://cache", "cache", 6379, 0),
        ("rediss://:p%40@cache:7000/", "cache", 7000, 0),
    ],
)
def test_redis_is_mapped(url: str, host: str, port: int, database: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis URL becomes the connection of Rasa's lock store."""
    monkeypatch.setenv("REDIS_URL", url)
    inner = ConfiguredLockStore()._inner
    assert isinstance(inner, RedisLockStore)
    told = inner.red.connection_pool.connection_kwargs
    assert (told["host"], told["port"], told["db"]) == (host, port, database)


UNUSABLE = (
    "127.0.0.1:6379",
    "http://cache",
    "redis://",
    "redis://cache:port/0",
    "redis://cache/zero",
    "redis://:secret@/0",
)


@pytest.mark.parametrize("url", UNUSABLE)
def test_a_redis_url_that_cannot_be_used_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis URL that cannot be used is refused by the variable's name, without repeating a password it may hold."""
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SettingsError, match="REDIS_URL") as caught:
        ConfiguredLockStore()
    assert "secret" not in str(caught.value)


def test_locks_are_shared_over_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes with the same Redis see each other's locks."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/15")
    one, two = ConfiguredLockStore(), ConfiguredLockStore()
    name = "tests-bot-stores"
    try:
        one.save_lock(TicketLock(name))
        assert two.get_lock(name) is not None
    finally:
        one.delete_lock(name)
    assert two.get_lock(name) is None
