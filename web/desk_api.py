"""The staff's JSON interface: /api/v1/desk."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from desk.tickets import Ticket
from web import messages, requests
from web.desk_actions import DeskActions
from web.desk_session import LIFETIME, Sessions
from web.desk_sign_in import SignIn


class DeskApi:
    """Handlers of /api/v1/desk; each needs a member of staff whose role works with tickets."""

    def __init__(self, sessions: Sessions, sign_in: SignIn, actions: DeskActions) -> None:
        self._sessions = sessions
        self._sign_in = sign_in
        self._actions = actions

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("desk_api", url_prefix="/api/v1/desk")
        routes.add_route(self.open_session, "/session", methods=["POST"])
        routes.add_route(self.list, "/tickets", methods=["GET"])
        routes.add_route(self.show, "/tickets/<number:str>", methods=["GET"])
        for action in self._actions.names:
            routes.add_route(self.act, f"/tickets/<number:str>/<action:{action}>", methods=["POST"], name=f"act_{action}")
        return routes

    async def open_session(self, request: Request) -> HTTPResponse:
        """POST /session {"name","password"}: a token for programs. 401 for a wrong pair."""
        fields = requests.body(request)
        name = requests.text_field(fields, "name", longest=100)
        password = requests.password_field(fields)
        staff = await self._sign_in.check(request, name, password)
        return json({"token": self._sessions.token(staff), "expires_in": LIFETIME, "role": staff.role})

    async def list(self, request: Request) -> HTTPResponse:
        """GET /tickets?status=&assignee=: by due time."""
        await asyncio.to_thread(self._sessions.require, request)
        status, assignee = (str(request.args.get(name, "")) or None for name in ("status", "assignee"))
        tickets = await asyncio.to_thread(self._actions.list, status, assignee)
        return json({"tickets": [as_json(ticket) for ticket in tickets]})

    async def show(self, request: Request, number: str) -> HTTPResponse:
        """GET /tickets/{number}: facts, events, transcript with the bot's evidence."""
        await asyncio.to_thread(self._sessions.require, request)
        return json(await asyncio.to_thread(self._show, number))

    async def act(self, request: Request, number: str, action: str) -> HTTPResponse:
        """POST /tickets/{number}/{action}: the ticket after it."""
        session = await asyncio.to_thread(self._sessions.require, request)
        fields = requests.body(request)
        ticket = await asyncio.to_thread(self._actions.perform, action, number, session.staff, fields)
        return json(as_json(ticket))

    def _show(self, number: str) -> dict[str, Any]:
        ticket = self._actions.get(number)
        transcript = self._actions.transcript(ticket)
        return {
            **as_json(ticket),
            "events": list(self._actions.events(number)),
            "messages": [{**messages.contract(m), "evidence": m.evidence} for m in transcript],
        }


_FACTS = (
    "number",
    "conversation_id",
    "sub",
    "account",
    "plan",
    "name",
    "contact",
    "summary",
    "impact",
    "area",
    "refusal",
    "priority",
    "status",
    "promise",
    "reply_by",
    "certainty",
    "policy_version",
    "due_at",
    "assignee",
    "escalation_step",
    "created_at",
    "updated_at",
)


def as_json(ticket: Ticket) -> dict[str, Any]:
    """A ticket as staff see it; instants in ISO 8601."""
    facts = {name: getattr(ticket, name) for name in _FACTS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}
