"""Who of the staff is asking: signed sessions, the form token that stops cross-site posts, and what each
role may do.

A browser holds the session in a cookie (HttpOnly, SameSite=Lax); a program sends the same signed token as a
bearer. Only the cookie needs the form token, because only cookies are sent without the page's knowledge.
The role is read from the accounts on every request, so that a change of role counts at once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt
from sanic import HTTPResponse, Request

from desk.staff import ROLES, Staff, StaffAccounts
from web.problems import Problem, unauthorized
from web.requests import bearer

COOKIE = "desk_session"
FORM_COOKIE = "desk_form"
LIFETIME = 8 * 60 * 60
_AUDIENCE = "piperocks-desk"
_MARK = re.compile(r"[0-9a-f]{32}")

STAFF_ROLES = frozenset(ROLES)

TICKET_ROLES = frozenset({"agent", "senior", "admin"})
"""Editors write articles; customers' tickets are not theirs to read."""

KNOWLEDGE_ROLES = frozenset({"editor", "admin"})
"""Who looks after the knowledge base: agents and seniors answer from what was published."""

UNANSWERED_ROLES = frozenset({"editor", "senior", "admin"})
"""Who sees what customers asked in vain."""

AUDIT_ROLES = frozenset({"admin"})

_WORK = {
    STAFF_ROLES: "use the console",
    TICKET_ROLES: "work with tickets",
    KNOWLEDGE_ROLES: "work on the knowledge base",
    UNANSWERED_ROLES: "see unanswered questions",
    AUDIT_ROLES: "read the audit log",
}


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in member of staff; ``form_token`` must come back with every form, ``by_cookie`` says
    whether it is needed.
    """

    staff: Staff
    form_token: str
    by_cookie: bool

    @property
    def may_see_tickets(self) -> bool:
        """Whether the role works with tickets."""
        return self.staff.role in TICKET_ROLES

    @property
    def may_edit(self) -> bool:
        """Whether the role works on the knowledge base."""
        return self.staff.role in KNOWLEDGE_ROLES

    @property
    def may_see_unanswered(self) -> bool:
        """Whether the role sees what customers asked in vain."""
        return self.staff.role in UNANSWERED_ROLES

    @property
    def may_audit(self) -> bool:
        """Whether the role reads the audit log."""
        return self.staff.role in AUDIT_ROLES

    @property
    def may_force(self) -> bool:
        """Whether the role may publish past the gate."""
        return self.staff.role == "admin"

    @property
    def home(self) -> str:
        """The page that the role begins on."""
        return "/desk" if self.may_see_tickets else "/desk/kb"

    def need(self, roles: frozenset[str]) -> None:
        """Raises a 403 problem unless the role is one of ``roles``."""
        if self.staff.role not in roles:
            raise Problem(403, "forbidden", f"Your role ({self.staff.role}) does not {_WORK[roles]}.")


class Sessions:
    """Makes and reads sessions. Blocking where the accounts are asked: call :meth:`read` in a thread."""

    def __init__(self, secret: str, staff: StaffAccounts, *, secure: bool) -> None:
        self._secret = secret
        self._staff = staff
        self._secure = secure

    def token(self, staff: Staff) -> str:
        """A signed session token that ends after :data:`LIFETIME` seconds."""
        issued = int(time.time())
        claims = {
            "sub": staff.name,
            "aud": _AUDIENCE,
            "iat": issued,
            "exp": issued + LIFETIME,
            "jti": secrets.token_hex(16),
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def read(self, request: Request) -> Session | None:
        """The session of a request, or None where there is none that holds."""
        cookie = request.cookies.get(COOKIE)
        given = bearer(request)
        claims = self._claims(given or cookie)
        if claims is None:
            return None
        staff = self._staff.get(claims["sub"])
        if staff is None:
            return None
        return Session(staff, self._digest(claims["jti"]), by_cookie=given is None)

    def require(self, request: Request) -> Session:
        """The session of a JSON request; a post by cookie must carry X-CSRF-Token. Raises 401 and 403
        problems.
        """
        session = self.read(request)
        if session is None:
            raise unauthorized("Sign in at POST /api/v1/desk/session and send the token as a bearer.")
        if not session.may_see_tickets:
            raise Problem(403, "forbidden", f"The role {session.staff.role} does not work with tickets.")
        if request.method != "GET" and session.by_cookie:
            check_form_token(request.headers.get("x-csrf-token"), session.form_token)
        return session

    def sign_in(self, response: HTTPResponse, staff: Staff) -> None:
        """Set the session cookie."""
        self._set(response, COOKIE, self.token(staff), LIFETIME)

    def sign_out(self, response: HTTPResponse) -> None:
        """Drop the session cookie."""
        self._set(response, COOKIE, "", 0)

    def visitor(self, request: Request, response_cookies: dict[str, str]) -> str:
        """The form token of the sign-in form, bound to a random cookie that is put in ``response_cookies``
        if new.
        """
        mark = request.cookies.get(FORM_COOKIE)
        if not mark or not _MARK.fullmatch(mark):
            mark = response_cookies[FORM_COOKIE] = secrets.token_hex(16)
        return self._digest(f"visitor {mark}")

    def set_visitor(self, response: HTTPResponse, cookies: dict[str, str]) -> None:
        """Set the cookie made by :meth:`visitor`."""
        for name, value in cookies.items():
            self._set(response, name, value, 3600)

    def _claims(self, token: str | None) -> dict[str, Any] | None:
        if not token:
            return None
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=_AUDIENCE,
                options={"require": ["exp", "aud", "sub", "jti"]},
            )
        except (jwt.InvalidTokenError, ValueError):  # the latter for bytes that are no text
            return None
        return claims

    def _digest(self, text: str) -> str:
        return hmac.new(self._secret.encode(), f"form {text}".encode(), hashlib.sha256).hexdigest()

    def _set(self, response: HTTPResponse, name: str, value: str, seconds: int) -> None:
        response.add_cookie(name, value, path="/", httponly=True, samesite="Lax", secure=self._secure, max_age=seconds)


def check_form_token(given: str | None, expected: str) -> None:
    """Raises a 403 problem unless the form token is the session's."""
    if not given or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Problem(403, "form-expired", "This form has expired. Load the page again and send it once more.")
