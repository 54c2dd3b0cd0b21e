"""Accounts of staff: roles, passwords (argon2id), and a lock after too many failed sign-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.exc import IntegrityError

from desk.database import Database
from desk.tables import StaffRow

ROLES = ("agent", "senior", "editor", "admin")
MIN_PASSWORD = 12
MAX_FAILURES = 10
LOCK = timedelta(minutes=15)


class StaffError(ValueError):
    """The account cannot be made; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff."""

    name: str
    role: str


class StaffAccounts:
    """Reads and writes accounts. ``now`` is the real clock: a fixed business clock would never end a lock."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._hasher = hasher or PasswordHasher()
        self._nobodys_hash: str | None = None

    def add(self, name: str, role: str, password: str) -> Staff:
        """Make an account. Raises :class:`StaffError`."""
        wanted = name.strip()
        if not wanted or not wanted.isprintable():
            raise StaffError("the name is empty or has control characters; write a name such as ana")
        if role not in ROLES:
            raise StaffError(f"role is {role!r}; write one of {', '.join(ROLES)}")
        if len(password) < MIN_PASSWORD:
            raise StaffError(f"the password is too short; write at least {MIN_PASSWORD} characters")
        row = StaffRow(
            name=wanted,
            role=role,
            password_hash=self._hasher.hash(password),
            failures=0,
            locked_until=None,
            created_at=self._now(),
        )
        try:
            with self._database.write() as session:
                session.add(row)
        except IntegrityError:
            raise StaffError(f"there is an account {wanted!r} already; write another name") from None
        return Staff(wanted, role)

    def get(self, name: str) -> Staff | None:
        """The member of staff of that name."""
        with self._database.read() as session:
            row = session.get(StaffRow, name)
            return None if row is None else Staff(row.name, row.role)

    def verify(self, name: str, password: str) -> Staff | None:
        """The member of staff, if the password is right and the account is not locked.

        The attempt is counted before the password is looked at, so that attempts at the same moment cannot
        outrun the count. An unknown name takes as long as a known one.
        """
        stored = self._count_attempt(name)
        if stored is None:
            self._matches(self._hash_of_nobody(), password)
            return None
        if not self._matches(stored, password):
            return None
        return self._signed_in(name, password, stored)

    def _count_attempt(self, name: str) -> str | None:
        """Count one attempt and give the password's hash; None for an unknown or locked account."""
        with self._database.write() as session:
            row = session.get(StaffRow, name, with_for_update=True)
            if row is None:
                return None
            if row.locked_until is not None:
                if row.locked_until > self._now():
                    return None
                row.failures, row.locked_until = 0, None
            row.failures += 1
            if row.failures >= MAX_FAILURES:
                row.locked_until = self._now() + LOCK
            return row.password_hash

    def _signed_in(self, name: str, password: str, stored: str) -> Staff | None:
        fresh = self._hasher.hash(password) if self._hasher.check_needs_rehash(stored) else stored
        with self._database.write() as session:
            row = session.get(StaffRow, name, with_for_update=True)
            if row is None:
                return None
            row.failures, row.locked_until, row.password_hash = 0, None, fresh
            return Staff(row.name, row.role)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerificationError:
            return False

    def _hash_of_nobody(self) -> str:
        if self._nobodys_hash is None:
            self._nobodys_hash = self._hasher.hash("the password of nobody")
        return self._nobodys_hash
