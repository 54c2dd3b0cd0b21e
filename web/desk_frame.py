"""What the console's pages share: who may enter, forms that must carry their token, and pages with the session on them."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import HTTPResponse, Request

from web.desk_session import Session, Sessions, check_form_token
from web.pages import Pages
from web.parts import Parts
from web.problems import bad_request


class NotSignedIn(Exception):
    """Nobody is signed in; the application leads to the sign-in form."""


class Frame:
    """Lets members of staff in by their role and renders their pages."""

    def __init__(self, parts: Parts, pages: Pages, sessions: Sessions) -> None:
        self._parts = parts
        self._pages = pages
        self._sessions = sessions

    async def enter(self, request: Request, roles: frozenset[str]) -> Session:
        """The session, if its role is one of ``roles``. Raises :class:`NotSignedIn` and a 403 problem."""
        session = await asyncio.to_thread(self._sessions.read, request)
        if session is None:
            raise NotSignedIn
        session.need(roles)
        return session

    async def form(self, request: Request, roles: frozenset[str]) -> tuple[Session, dict[str, Any]]:
        """The session and the fields of a posted form. Raises what :meth:`enter` does, and 400 and 403 problems for the form."""
        session = await self.enter(request, roles)
        fields = form_fields(request)
        check_form_token(fields.get("form_token"), session.form_token)
        return session, fields

    def page(self, session: Session, template: str, *, page_status: int = 200, **context: Any) -> HTTPResponse:
        """A page with the session and the business clock's instant."""
        return self._pages.page(template, status=page_status, session=session, now=self._parts.now(), **context)


def form_fields(request: Request) -> dict[str, Any]:
    """The fields of a form, the first of each name. Raises a 400 problem for another kind of body."""
    if request.form is None:
        raise bad_request("invalid-form", "Send the form as the page makes it.")
    return {name: values[0] for name, values in request.form.items()}


def chosen(request: Request, name: str, known: dict[str, str]) -> str | None:
    """A query parameter, if its value is one that is known."""
    value = str(request.args.get(name, ""))
    return value if value in known else None


def typed(request: Request, name: str, longest: int = 300) -> str:
    """A text parameter of the query, trimmed and cut."""
    return str(request.args.get(name, "")).replace("\x00", "").strip()[:longest]
