"""The one shape of every error of the JSON interface: RFC 9457 ``application/problem+json``.

A problem carries only what this module or its caller wrote on purpose. The text of an unexpected exception
never leaves the process: it may hold a token, a path or a customer's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from sanic import HTTPResponse
from sanic.exceptions import SanicException
from sanic.response import json

CONTENT_TYPE = "application/problem+json"

_STATUS_DETAILS = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    408: "The request did not arrive in time; send it again.",
    413: "The request is larger than this service takes.",
    415: "Send the body as application/json.",
    417: "The Expect header cannot be met.",
    503: "The service is not available right now; try again in a moment.",
}


class Problem(Exception):
    """An error that is told to the caller as it stands.

    ``kind`` is the last part of the problem's ``type`` URN, stable for programs; ``detail`` is one sentence
    for people.
    """

    def __init__(self, status: int, kind: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {kind}: {detail}")
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})

    def response(self) -> HTTPResponse:
        """The problem as an HTTP response with exactly the members type, title, status and detail."""
        body = {
            "type": f"urn:piperocks:problem:{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return json(body, status=self.status, headers=self.headers, content_type=CONTENT_TYPE)


def unauthorized(detail: str) -> Problem:
    """401: who is asking is not known."""
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="piperocks-support"'})


def not_found(detail: str) -> Problem:
    """404: also the answer for what belongs to somebody else, so that nothing is learnt from it."""
    return Problem(404, "not-found", detail)


def bad_request(kind: str, detail: str) -> Problem:
    """400: the request must be changed before it is sent again."""
    return Problem(400, kind, detail)


def too_many(seconds: float, detail: str) -> Problem:
    """429 with the whole seconds to wait."""
    return Problem(429, "too-many-requests", detail, headers={"Retry-After": str(max(1, round(seconds + 0.5)))})


def unavailable(detail: str, *, retry_after: int = 3) -> Problem:
    """503: the same request may be sent again after ``retry_after`` seconds."""
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(retry_after)})


def of_exception(error: BaseException) -> Problem:
    """The problem told for any exception; what was not written for the caller is told as a bare 500."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SanicException) and 400 <= error.status_code < 600 and error.status_code != 500:
        status = error.status_code
        kind = HTTPStatus(status).phrase.lower().replace(" ", "-")
        headers = {"Allow": error.headers["Allow"]} if "Allow" in (error.headers or {}) else {}
        return Problem(status, kind, _STATUS_DETAILS.get(status, HTTPStatus(status).phrase + "."), headers=headers)
    return Problem(500, "internal", "Something went wrong on our side. Nothing you sent is lost; try again.")
