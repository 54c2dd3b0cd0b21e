"""Where Rasa keeps its conversation trackers and locks, chosen by the product's own settings.

``endpoints.yml`` names these classes, so one setting moves the whole product to PostgreSQL and Redis.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from rasa.core.brokers.broker import EventBroker
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain

import settings


def tracker_database(url: str, data_dir: str) -> dict[str, Any]:
    """Arguments of Rasa's SQL tracker store for ``DATABASE_URL``.

    SQLite keeps Rasa's events in a file of their own beside the product's: the two processes then never wait for each
    other's write lock.
    """
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        return {"dialect": "sqlite", "db": f"{data_dir}/rasa-tracker.db"}
    if not parts.scheme.startswith("postgres"):
        raise settings.SettingsError("DATABASE_URL cannot be read; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
    return {
        "dialect": "postgresql",
        "host": parts.hostname,
        "port": parts.port or 5432,
        "db": unquote(parts.path.lstrip("/")),
        "username": unquote(parts.username or "") or None,
        "password": unquote(parts.password or "") or None,
        "query": dict(parse_qsl(parts.query)) or None,
    }


class ConfiguredTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store on the database of ``DATABASE_URL``."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_: Any) -> None:
        current = settings.load()
        current.data_dir.mkdir(parents=True, exist_ok=True)
        where = tracker_database(current.database_url, str(current.data_dir))
        super().__init__(domain=domain, event_broker=event_broker, **where)


class ConfiguredLockStore(LockStore):
    """Rasa's Redis lock store where ``REDIS_URL`` is set, else its in-memory one."""

    def __init__(self, endpoint_config: Any = None) -> None:
        url = settings.load().redis_url
        self._inner: LockStore = _redis_locks(url) if url else InMemoryLockStore()

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """The lock of a conversation, if there is one."""
        return self._inner.get_lock(conversation_id)

    def save_lock(self, lock: TicketLock) -> None:
        """Store a lock."""
        self._inner.save_lock(lock)

    def delete_lock(self, conversation_id: str) -> None:
        """Drop the lock of a conversation."""
        self._inner.delete_lock(conversation_id)


def _redis_locks(url: str) -> RedisLockStore:
    parts, database = urlsplit(url), urlsplit(url).path.lstrip("/") or "0"
    try:
        port = parts.port or 6379
    except ValueError:
        port = 0
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or not port or not database.isdecimal():
        raise settings.SettingsError("REDIS_URL cannot be read; write redis://host:port/number")
    return RedisLockStore(
        host=parts.hostname,
        port=port,
        db=int(database),
        username=unquote(parts.username or "") or None,
        password=unquote(parts.password or "") or None,
        use_ssl=parts.scheme == "rediss",
    )
