"""Accounts of staff, and the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from desk.audit import AuditEntry, AuditLog
from desk.database import Database
from desk.staff import MAX_FAILURES, Staff, StaffAccounts, StaffError
from desk.tables import StaffRow
from tests.desk.conftest import NOW, later, together

PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Accounts(StaffAccounts):
    """Accounts with a clock that the test sets, and quick hashing."""

    def __init__(self, database: Database) -> None:
        self.time: datetime = NOW
        super().__init__(database, now=lambda: self.time, hasher=QUICK)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """The accounts, with ana in them."""
    made = Accounts(database)
    made.add("ana", "agent", PASSWORD)
    return made


def test_the_right_password_signs_in(accounts: Accounts) -> None:
    """The pair of name and password gives the member of staff; anything else gives None."""
    ana = Staff("ana", "agent")
    assert accounts.verify("ana", PASSWORD) == accounts.get("ana") == ana
    for name, password in (
        ("ana", "wrong"),
        ("ana", ""),
        ("Ana", PASSWORD),
        ("bob", PASSWORD),
        ("", ""),
        ("a\x00na", "x"),
    ):
        assert accounts.verify(name, password) is None
    assert accounts.get("bob") is None


def test_passwords_are_kept_as_argon2_hashes(accounts: Accounts, database: Database) -> None:
    """The password is nowhere in the database; a hash made with other parameters is renewed at sign-in."""
    StaffAccounts(database).verify("ana", PASSWORD)
    with database.read() as session:
        [stored] = session.scalars(select(StaffRow.password_hash))
    assert stored.startswith("$argon2id$") and PASSWORD not in stored
    assert not PasswordHasher().check_needs_rehash(stored)
    assert accounts.verify("ana", PASSWORD) is not None


@pytest.mark.parametrize(
    ("name", "role", "password", "advice"),
    [
        ("bob", "boss", PASSWORD, "agent, senior, editor, admin"),
        ("bob", "agent", "hunter2", "at least 12"),
        (" ", "agent", PASSWORD, "name is empty"),
        ("bo\x00b", "agent", PASSWORD, "control characters"),
        (" ana ", "agent", PASSWORD, "already"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(accounts: Accounts, name: str, role: str, password: str, advice: str) -> None:
    """The message says what to write, and never the password."""
    with pytest.raises(StaffError, match=advice) as caught:
        accounts.add(name, role, password)
    assert password not in str(caught.value)


def test_ten_failures_lock_the_account_for_a_quarter_of_an_hour(accounts: Accounts) -> None:
    """While it is locked the right password does not help; after that, counting begins anew."""
    for _ in range(MAX_FAILURES):
        assert accounts.verify("ana", "wrong") is None
    assert accounts.verify("ana", PASSWORD) is None
    accounts.time = NOW + timedelta(minutes=14, seconds=59)
    assert accounts.verify("ana", PASSWORD) is None
    accounts.time = later(15)
    assert accounts.verify("ana", "wrong") is None
    assert accounts.verify("ana", PASSWORD) is not None


def test_a_success_forgets_the_failures(accounts: Accounts) -> None:
    """Nine failures, a success and nine more do not lock; the tenth attempt may be the right one."""
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            accounts.verify("ana", "wrong")
        assert accounts.verify("ana", PASSWORD) is not None


def test_guesses_at_the_same_moment_are_all_counted(accounts: Accounts) -> None:
    """Parallel guessing does not get around the lock."""
    together(lambda n: accounts.verify("ana", f"wrong {n}"), MAX_FAILURES)
    assert accounts.verify("ana", PASSWORD) is None


def test_the_audit_log_keeps_who_did_what(database: Database) -> None:
    """Entries come back oldest first, all or those of one subject."""
    audit = AuditLog(database)
    audit.record("ana", "ticket.resolve", "PR-10001", {"from": "open"}, NOW)
    audit.record("bob", "staff.sign_in", "bob", {}, later(1))
    first = AuditEntry("ana", "ticket.resolve", "PR-10001", {"from": "open"}, "2026-11-24T14:00:00.000+00:00")
    assert audit.list()[0] == first and len(audit.list()) == 2
    assert audit.list("PR-10001") == (first,)


def test_the_audit_log_is_read_from_the_newest_on(database: Database) -> None:
    """A page at a time, by person, by action or by family of actions; an underscore or percent sign stands for itself."""
    audit = AuditLog(database)
    for number, action in enumerate(["kb.build", "kb.publish", "kb_build", "ticket.note", "kb.build"]):
        audit.record("ana" if number % 2 else "bob", action, str(number), {}, later(number))
    assert [each.subject for each in audit.newest(2)] == ["4", "3"]
    assert [each.subject for each in audit.newest(9, before=audit.newest(2)[-1].id)] == ["2", "1", "0"]
    assert [each.subject for each in audit.newest(9, action="kb.")] == ["4", "1", "0"]
    assert [each.subject for each in audit.newest(9, action="kb.build", actor="bob")] == ["4", "0"]
    assert len(audit.newest(9, before=10**17)) == 5
    assert audit.newest(9, action="kb%") == audit.newest(9, action="%.") == audit.newest(9, actor="eve") == ()
