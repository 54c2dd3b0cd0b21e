"""The database: SQLite (a file, write-ahead log) or PostgreSQL (psycopg 3), behind the same few methods.

SQLite: a write transaction begins with BEGIN IMMEDIATE, so that two writers queue instead of failing halfway;
readers never wait. ``synchronous=NORMAL`` keeps every commit when a process is killed; only a power cut may
take the last ones.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

_BUSY_MS = 15_000
# Parameters are hidden: what customers wrote must not reach a log by way of an error.
_OPTIONS: Mapping[str, Any] = {"hide_parameters": True, "pool_size": 5}
_WRITING = "desk_writing"
# Any number will do, as long as no other program locks the same one in this database.
_MIGRATION_LOCK = 7_403_211_954
_ONE_AT_A_TIME = threading.Lock()


class DatabaseError(ValueError):
    """The database cannot be used; the message says what to write or start."""


class Database:
    """An open database. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._reading = engine
        self._writing = engine.execution_options(**{_WRITING: True})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def ping(self) -> None:
        """Ask the database something. Raises :class:`DatabaseError` if it does not answer."""
        try:
            with self._reading.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            raise DatabaseError(f"the database does not answer: {error.__class__.__name__}") from error

    def close(self) -> None:
        """Close all connections."""
        self._reading.dispose()


def open_database(url: str) -> Database:
    """The database of a URL such as ``sqlite:///var/support.db`` or ``postgresql+psycopg://user@host/name``."""
    return Database(_engine(url))


def migrate(url: str) -> None:
    """Bring the schema up to date. May be called any number of times, by several processes at once.

    Raises :class:`DatabaseError` where the database cannot be reached.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    engine = _engine(url)
    try:
        # Alembic keeps its state in the module: within a process, one migration at a time.
        with _ONE_AT_A_TIME, engine.execution_options(**{_WRITING: True}).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseError(f"the database of DATABASE_URL cannot be migrated: {cause}") from error
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    parsed = _parse(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        return create_engine(parsed, max_overflow=15, pool_pre_ping=True, **_OPTIONS)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseError(f"DATABASE_URL names {parsed.drivername!r}; write sqlite or postgresql+psycopg") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError("DATABASE_URL is no URL; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise DatabaseError(f"DATABASE_URL names {parsed.drivername!r}; write sqlite or postgresql+psycopg")
    return parsed


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("DATABASE_URL names no file; write sqlite:///FILE, as several processes share it")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, max_overflow=35, **_OPTIONS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Settings of one SQLite connection; transactions begin by our own words alone."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
