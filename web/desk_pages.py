"""The staff console: sign in, tickets by due time, one ticket with all that is known. Plain forms, no
JavaScript.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from desk.ticket_moves import STATUSES, possible
from web.desk_actions import DeskActions
from web.desk_frame import Frame, form_fields
from web.desk_session import STAFF_ROLES, TICKET_ROLES, Session, Sessions, check_form_token
from web.desk_sign_in import SignIn
from web.freshness import changed_citations
from web.pages import Pages
from web.parts import Parts
from web.problems import Problem
from web.requests import password_field, text_field

_DONE = {
    "reply": "Your reply was sent. The customer sees it in the conversation.",
    "note": "The note was added. Only staff can see it.",
    "assign": "The ticket was assigned.",
    "escalate": "The ticket was escalated to a senior technician.",
    "resolve": "The ticket was resolved. The assistant has the conversation again.",
    "reopen": "The ticket was reopened.",
    "close": "The ticket was closed.",
}


class DeskPages:
    """Handlers of /desk."""

    def __init__(
        self, parts: Parts, pages: Pages, sessions: Sessions, sign_in: SignIn, actions: DeskActions, frame: Frame
    ) -> None:
        self._parts = parts
        self._pages = pages
        self._frame = frame
        self._sessions = sessions
        self._sign_in = sign_in
        self._actions = actions

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("desk_pages", url_prefix="/desk")
        routes.add_route(self.list, "/", methods=["GET"], strict_slashes=False)
        routes.add_route(self.sign_in_form, "/sign-in", methods=["GET"], name="sign_in_form")
        routes.add_route(self.sign_in, "/sign-in", methods=["POST"], name="sign_in")
        routes.add_route(self.sign_out, "/sign-out", methods=["POST"])
        routes.add_route(self.show, "/tickets/<number:str>", methods=["GET"])
        for action in self._actions.names:
            path = f"/tickets/<number:str>/<action:{action}>"
            routes.add_route(self.act, path, methods=["POST"], name=f"act_{action}")
        return routes

    async def sign_in_form(self, request: Request) -> HTTPResponse:
        """GET /desk/sign-in."""
        return self._form(request)

    async def sign_in(self, request: Request) -> HTTPResponse:
        """POST /desk/sign-in: a session cookie and the list, or the form again."""
        try:
            fields = form_fields(request)
            check_form_token(fields.get("form_token"), self._sessions.visitor(request, {}))
            name = text_field(fields, "name", longest=100)
            staff = await self._sign_in.check(request, name, password_field(fields))
        except Problem as problem:
            return self._form(request, problem=problem)
        response = redirect(Session(staff, "", by_cookie=True).home, status=303)
        self._sessions.sign_in(response, staff)
        return response

    async def sign_out(self, request: Request) -> HTTPResponse:
        """POST /desk/sign-out."""
        session = await asyncio.to_thread(self._sessions.read, request)
        if session is not None:
            check_form_token(form_fields(request).get("form_token"), session.form_token)
        response = redirect("/desk/sign-in", status=303)
        self._sessions.sign_out(response)
        return response

    async def list(self, request: Request) -> HTTPResponse:
        """GET /desk?status=&mine=: tickets by due time; resolved and closed ones only when asked for."""
        session = await self._frame.enter(request, STAFF_ROLES)
        if not session.may_see_tickets:
            return redirect(session.home, status=303)
        status = str(request.args.get("status", ""))
        mine = str(request.args.get("mine", "")) == "1"
        wanted = status if status in STATUSES else None
        assignee = session.staff.name if mine else None
        tickets = await asyncio.to_thread(self._actions.list, wanted, assignee, unresolved=wanted is None)
        return self._frame.page(session, "desk_list.html", tickets=tickets, chosen=wanted, mine=mine, statuses=STATUSES)

    async def show(self, request: Request, number: str) -> HTTPResponse:
        """GET /desk/tickets/<number>."""
        session = await self._frame.enter(request, TICKET_ROLES)
        done = _DONE.get(str(request.args.get("done", "")))
        context = await asyncio.to_thread(self._context, number)
        return self._frame.page(session, "desk_ticket.html", done=done, problem=None, draft={}, **context)

    async def act(self, request: Request, number: str, action: str) -> HTTPResponse:
        """POST /desk/tickets/<number>/<action>; what cannot be done is told on the ticket, and nothing
        typed is lost.
        """
        session, fields = await self._frame.form(request, TICKET_ROLES)
        try:
            await asyncio.to_thread(self._actions.perform, action, number, session.staff, fields)
        except Problem as problem:
            if problem.status not in (400, 409):
                raise
            context = await asyncio.to_thread(self._context, number)
            draft = {action: fields.get("text") or fields.get("reason") or ""}
            return self._frame.page(
                session,
                "desk_ticket.html",
                page_status=problem.status,
                done=None,
                problem=problem,
                draft=draft,
                **context,
            )
        return redirect(f"/desk/tickets/{number}?done={action}", status=303)

    def _context(self, number: str) -> dict[str, Any]:
        ticket = self._actions.get(number)
        messages = self._actions.transcript(ticket)
        return {
            "ticket": ticket,
            "handler": self._parts.log.get(ticket.conversation_id).handler,
            "messages": messages,
            "changed": changed_citations(messages, self._parts.library.current()),
            "events": self._actions.events(number),
            "possible": possible(ticket.status),
        }

    def _form(self, request: Request, problem: Problem | None = None) -> HTTPResponse:
        cookies: dict[str, str] = {}
        form_token = self._sessions.visitor(request, cookies)
        status = problem.status if problem else 200
        response = self._pages.page("desk_sign_in.html", status=status, form_token=form_token, problem=problem)
        self._sessions.set_visitor(response, cookies)
        return response
