"""Who did what to what, when: the audit log, for administrators."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request

from web.desk_frame import Frame, chosen, typed
from web.desk_session import AUDIT_ROLES
from web.parts import Parts

_KINDS = {"kb.": "Knowledge base", "unanswered.": "Unanswered questions", "ticket.": "Tickets", "staff.": "Staff"}
_PAGE = 100


class AuditPages:
    """Handler of /desk/audit."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self._parts = parts
        self._frame = frame

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("audit_pages", url_prefix="/desk/audit")
        routes.add_route(self.list, "/", methods=["GET"], strict_slashes=False)
        return routes

    async def list(self, request: Request) -> HTTPResponse:
        """GET /desk/audit?kind=&actor=&before=: entries, newest first, a page at a time."""
        session = await self._frame.enter(request, AUDIT_ROLES)
        kind, actor, before = chosen(request, "kind", _KINDS), typed(request, "actor", 100), typed(request, "before", 18)
        entries = await asyncio.to_thread(
            self._parts.audit.newest,
            _PAGE + 1,
            before=int(before) if before.isascii() and before.isdigit() else None,
            actor=actor or None,
            action=kind,
        )
        choice = {name: value for name, value in (("kind", kind), ("actor", actor)) if value}
        older = f"/desk/audit?{urlencode({**choice, 'before': entries[_PAGE - 1].id})}" if len(entries) > _PAGE else None
        return self._frame.page(
            session, "audit.html", entries=entries[:_PAGE], kinds=_KINDS, kind=kind, actor=actor, before=before, older=older
        )
