"""The database and its migrations, on both engines."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from desk.conversations import ConversationLog
from desk.database import Database, DatabaseError, migrate, open_database
from desk.tables import Base
from tests.desk.conftest import ADA, NOW, together

ROOT = Path(__file__).resolve().parents[2]


def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    """Nothing is missing and nothing is left over."""
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_keeps_everything(url: str) -> None:
    """The second migration changes nothing."""
    migrate(url)
    database = open_database(url)
    conversation = ConversationLog(database).start(ADA, NOW)
    migrate(url)
    assert ConversationLog(database).get(conversation.id) == conversation
    database.close()


def test_processes_that_start_at_once_may_all_migrate(url: str) -> None:
    """Processes, and threads, migrate an empty database without getting in each other's way."""
    command = [
        sys.executable,
        "-c",
        "import sys; from desk.database import migrate; migrate(sys.argv[1])",
        url,
    ]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    outcomes = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert outcomes == [(b"", 0)] * 3
    together(lambda n: migrate(url), 3)
    database = open_database(url)
    ConversationLog(database).start(ADA, NOW)
    database.close()


def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    """What is written together is kept or lost together; the error does not tell what it was."""
    log = ConversationLog(database)
    conversation = log.start(ADA, NOW)
    with pytest.raises(StatementError, match="has no offset") as caught:
        log.append(conversation.id, "bot", "my secret", datetime(2026, 1, 1))
    assert "my secret" not in str(caught.value)
    assert log.messages(conversation.id) == ()
    assert log.append(conversation.id, "bot", "hello", NOW).seq == 1


def test_text_that_a_database_cannot_hold_is_made_so_that_it_can(database: Database) -> None:
    """NUL and lone surrogates neither fail nor cut the text, in columns and in evidence alike."""
    log = ConversationLog(database)
    conversation = log.start(ADA, NOW)
    said = log.append(conversation.id, "user", "a\x00b \ud800 😀", NOW, evidence={"query": "\x00\ud800😀"})
    assert said.text == "ab ? 😀"
    assert log.messages(conversation.id)[0] == said
    assert said.evidence["query"].endswith("😀")
    assert log.messages("no\x00where") == ()


def test_instants_come_back_in_utc(database: Database) -> None:
    """An instant of any offset is the same instant in UTC, to the millisecond."""
    log = ConversationLog(database)
    at = datetime(2026, 11, 24, 15, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert log.start(ADA, at).created_at == "2026-11-24T09:30:00.123+00:00"


def test_the_database_answers_a_ping(url: str, tmp_path: Path) -> None:
    """One that is there answers; a file that is no database does not."""
    database = open_database(url)
    database.ping()
    database.close()
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    broken = open_database(f"sqlite:///{tmp_path}/noise.db")
    with pytest.raises(DatabaseError, match="does not answer"):
        broken.ping()
    broken.close()


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("", "is no URL"),
        ("support.db", "is no URL"),
        ("mysql://root@localhost/x", "write sqlite or postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_serve_is_refused_with_advice(url: str, advice: str) -> None:
    """The message says what to write."""
    with pytest.raises(DatabaseError, match=advice):
        open_database(url)


def test_a_server_that_is_not_there_is_told_at_migration() -> None:
    """The message names the setting."""
    with pytest.raises(DatabaseError, match="DATABASE_URL"):
        migrate("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")


def test_sqlite_writes_ahead_and_keeps_foreign_keys(tmp_path: Path) -> None:
    """The settings of a SQLite connection hold on every connection."""
    url = f"sqlite:///{tmp_path}/x.db"
    migrate(url)
    database = open_database(url)
    with database.read() as first, database.read() as second:
        for session in (first, second):
            told = [session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "busy_timeout")]
            assert told == ["wal", 1, 15000]
    database.close()
