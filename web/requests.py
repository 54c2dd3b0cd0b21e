"""Reading requests: the bearer's identity, JSON bodies and their fields, each refused with a problem that
tells what to send.
"""

from __future__ import annotations

from typing import Any

from sanic import Request
from sanic.exceptions import SanicException

from web.identity import IdentityError, IdentityVerifier, Verified
from web.problems import bad_request, unauthorized

MAX_TEXT = 20_000
_MAX_CLIENT_ID = 128
_MAX_PASSWORD = 1000


def bearer(request: Request) -> str | None:
    """The bearer token of the Authorization header, or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def customer(request: Request, verifier: IdentityVerifier) -> Verified:
    """The verified customer. Raises a 401 problem."""
    token = bearer(request)
    if token is None:
        raise unauthorized("Send the customer's identity token as 'Authorization: Bearer <token>'.")
    try:
        return verifier.verify(token)
    except IdentityError as error:
        raise unauthorized(str(error)) from None


def body(request: Request) -> dict[str, Any]:
    """The JSON object of the body; an empty body counts as an empty object. Raises a 400 problem."""
    if not request.body:
        return {}
    try:
        read = request.json
    except (SanicException, ValueError, RecursionError):
        raise bad_request("invalid-json", "The body is not valid JSON.") from None
    if not isinstance(read, dict):
        raise bad_request("invalid-json", "The body must be a JSON object.")
    return read


def password_field(fields: dict[str, Any], name: str = "password") -> str:
    """A password, as it was typed: blanks at its ends belong to it. Raises a 400 problem."""
    value = fields.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= _MAX_PASSWORD:
        raise bad_request(f"invalid-{name}", f"The field {name} must hold 1 to {_MAX_PASSWORD} characters.")
    return value.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be hashed


def text_field(fields: dict[str, Any], name: str, *, longest: int = MAX_TEXT, shortest: int = 1, kind: str | None = None) -> str:
    """A text of ``shortest`` to ``longest`` characters, trimmed. Raises a 400 problem naming the field."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise bad_request(kind or f"invalid-{name.replace('_', '-')}", f"The field {name} must be a text.")
    # NUL cannot be stored by PostgreSQL, and lone surrogates cannot be encoded at all.
    value = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    if not shortest <= len(value) <= longest:
        detail = f"The field {name} must hold {shortest} to {longest} characters after trimming."
        raise bad_request(kind or f"invalid-{name.replace('_', '-')}", detail)
    return value


def client_message_id(fields: dict[str, Any]) -> str:
    """The client's own id of a message: the key under which a turn happens once. Raises a 400 problem."""
    return text_field(fields, "client_message_id", longest=_MAX_CLIENT_ID)


def sequence(request: Request) -> int:
    """The point to continue after: the header Last-Event-ID (a reconnect), else ?after=, else 0. Raises a
    400 problem.
    """
    given = request.headers.get("last-event-id", "").strip() or str(request.args.get("after", "0")).strip()
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise bad_request("invalid-after", "The parameter after (or Last-Event-ID) must be a sequence number, 0 or more.")
    return int(given)
