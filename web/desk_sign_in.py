"""Signing staff in, with a brake on guessing that holds before a password is even looked at."""

from __future__ import annotations

import asyncio

from sanic import Request

from desk.staff import Staff
from web.parts import Parts
from web.problems import too_many, unauthorized
from web.rate_limit import RateLimiter

# A password's hash is costly on purpose. All of the process's threads busy with that would keep customers' turns waiting.
_AT_ONCE = 2


class SignIn:
    """Checks name and password; the accounts themselves count failures and lock."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._limiter = RateLimiter(parts.options.sign_ins)
        self._looking = asyncio.Semaphore(_AT_ONCE)

    async def check(self, request: Request, name: str, password: str) -> Staff:
        """The member of staff. Raises 401 (one text for every cause, so that names cannot be probed) and
        429 problems.
        """
        wait = self._limiter.wait(f"{request.ip} {name}")
        if wait:
            raise too_many(wait, "Too many attempts to sign in. Wait a little and try again.")
        async with self._looking:
            staff = await asyncio.to_thread(self._parts.staff.verify, name, password)
        detail = {"from": request.ip}
        outcome = "staff.sign_in" if staff else "staff.sign_in_failed"
        await asyncio.to_thread(self._parts.audit.record, name, outcome, name, detail, self._parts.now())
        if staff is None:
            raise unauthorized("Name or password is wrong, or the account is locked for a while.")
        return staff
